package dev.vela.view;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options that say which application is looked at. */
final class SourceOptions {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PID",
            arity = "0..1",
            description =
                    "The process id of the application, which must run on this machine as the same user. Default: the"
                            + " only one that has a runtime; if there are several, they are listed.")
    private @Nullable Long pid;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Reads the actuator endpoint of a Spring Boot application, such as"
                    + " http://host:8080/actuator/velaview; USER:PASSWORD@ before the host is possible.")
    private @Nullable URI url;

    @Option(
            names = "--header",
            paramLabel = "HEADER",
            description = "A header to send with each request to the URL, such as 'Authorization: Bearer TOKEN'; may be"
                    + " given several times.")
    private List<String> headers = List.of();

    @Option(
            names = "--jmx",
            paramLabel = "HOST:PORT",
            description = "Reads through the remote JMX port of a JVM; USER:PASSWORD@ before the host is possible.")
    private @Nullable String jmx;

    /**
     * Returns the source that is asked for. Blocks while it looks for it.
     *
     * @param list where the applications are listed if there are several
     * @throws ParameterException if the options contradict each other
     * @throws IOException if there is no such application, or if it is not clear which one is meant
     */
    Source open(PrintWriter list) throws IOException, InterruptedException {
        if (Stream.of(pid, url, jmx).filter(given -> given != null).count() > 1) {
            throw new ParameterException(spec.commandLine(), "only one of PID, --url and --jmx may be given");
        }
        if (url == null && !headers.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--header needs --url");
        }
        try {
            if (url != null) {
                return new ActuatorSource(url, headers);
            }
            if (jmx != null) {
                return new MBeanSource(new JmxAccess(jmx));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        try {
            return new MBeanSource(new AttachAccess(pid == null ? only(list) : Jvm.of(pid)));
        } catch (NoClassDefFoundError e) {
            throw new IOException(
                    "this Java lacks the module jdk.attach: run vela with a JDK, or use --jmx or --url", e);
        }
    }

    private Jvm only(PrintWriter list) throws IOException, InterruptedException {
        Application.Search search = Application.search();
        for (Jvm silent : search.silent()) {
            list.printf(
                    "vela: process %d (%s) does not answer, and may have a runtime%n",
                    silent.pid(), Text.printable(silent.mainClass()));
        }
        list.flush();
        List<Application> applications = search.applications();
        if (applications.isEmpty() && !search.silent().isEmpty()) {
            throw new IOException("no JVM of this user on this machine that answers has a runtime of Vela");
        }
        if (applications.isEmpty()) {
            throw new IOException("no JVM of this user on this machine has a runtime of Vela; an application in a"
                    + " container or on another machine needs --jmx or --url");
        }
        if (applications.size() > 1) {
            list.printf("%8s  %-40s  %s%n", "PID", "MAIN CLASS", "RUNTIMES");
            for (Application application : applications) {
                list.printf(
                        "%8d  %-40s  %s%n",
                        application.jvm().pid(),
                        Text.printable(application.jvm().mainClass()),
                        Text.printable(String.join(", ", application.runtimes())));
            }
            list.flush();
            throw new IOException("there are " + applications.size() + " applications: choose one by its PID, as in "
                    + spec.qualifiedName() + " "
                    + applications.get(0).jvm().pid());
        }
        return applications.get(0).jvm();
    }
}
