package dev.vela.conformance;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlInclude;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * The outcome of each test of a class: empty, or a failure. A test counts once for each row of its data: the first row
 * has the name of the method, and the second one is called {@code method[1]}.
 */
final class Outcomes implements ITestListener {
    private static final String TIME_LIMIT_MILLIS = "120000";

    /** The groups that Pulsar's own build leaves out, too. */
    private static final List<String> LEFT_OUT = List.of("flaky", "quarantine");

    private final Map<String, Optional<Throwable>> outcomes = new LinkedHashMap<>();
    private final Map<String, Integer> rows = new HashMap<>();

    private Outcomes() {}

    /** Runs a test class: the given methods, or all of them if none is given. */
    static Map<String, Optional<Throwable>> of(String name, Collection<String> methods) {
        XmlClass type = new XmlClass(name);
        methods.forEach(method -> type.getIncludedMethods().add(new XmlInclude(method)));
        XmlSuite suite = new XmlSuite();
        suite.setTimeOut(TIME_LIMIT_MILLIS);
        LEFT_OUT.forEach(suite::addExcludedGroup);
        new XmlTest(suite).setXmlClasses(List.of(type));
        Outcomes listener = new Outcomes();
        TestNG testng = new TestNG(false);
        testng.setVerbose(0);
        testng.setXmlSuites(List.of(suite));
        testng.addListener(listener);
        testng.run();
        return listener.outcomes;
    }

    @Override
    public void onTestSuccess(ITestResult result) {
        ended(result, Optional.empty());
    }

    @Override
    public void onTestFailure(ITestResult result) {
        ended(result, Optional.of(result.getThrowable()));
    }

    @Override
    public void onTestSkipped(ITestResult result) {
        Throwable reason = result.getThrowable();
        ended(result, Optional.of(reason == null ? new IllegalStateException("skipped") : reason));
    }

    private void ended(ITestResult result, Optional<Throwable> failure) {
        String method = result.getMethod().getMethodName();
        int row = rows.merge(method, 1, Integer::sum) - 1;
        outcomes.put(row == 0 ? method : method + "[" + row + "]", failure);
    }
}
