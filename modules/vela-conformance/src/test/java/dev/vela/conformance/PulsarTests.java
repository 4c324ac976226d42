package dev.vela.conformance;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.pulsar.broker.service.SharedPulsarBaseTest;

/** Pulsar's published test classes that share a real broker and create producers. */
final class PulsarTests {
    /** Matches all classes but those whose subject is the consumer and that take long. */
    static final String DEFAULT_SELECTION = "(?!.*\\.("
            + "ConsumerAckListTest"
            + "|ConsumerBatchReceiveTest"
            + "|DeadLetterTopicTest"
            + "|MessageListenerExecutorTest"
            + "|MultiTopicsConsumerTest"
            + "|NegativeAcksTest"
            + "|PerMessageUnAcknowledgedRedeliveryTest"
            + "|PersistentDispatcherSingleActiveConsumerTest"
            + "|ResendRequestTest"
            + "|RetryTopicTest"
            + "|UnAcknowledgedMessagesTimeoutTest"
            + ")$).*";

    private PulsarTests() {}

    /**
     * The full names of the classes, in reverse order: the tests of the broker's statistics come before those of its
     * dispatchers, which leave mocked consumers behind.
     */
    static Set<String> classes() throws IOException, ClassNotFoundException {
        String jar = SharedPulsarBaseTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        Set<String> names = new TreeSet<>(Comparator.reverseOrder());
        try (JarFile tests = new JarFile(jar)) {
            for (JarEntry entry : Collections.list(tests.entries())) {
                if (entry.getName().matches("[\\w/]+\\.class") && createsProducers(tests, entry)) {
                    String name = entry.getName().replace(".class", "").replace('/', '.');
                    if (sharesBroker(name)) {
                        names.add(name);
                    }
                }
            }
        }
        return names;
    }

    private static boolean createsProducers(JarFile jar, JarEntry entry) throws IOException {
        byte[] code = jar.getInputStream(entry).readAllBytes();
        return new String(code, StandardCharsets.ISO_8859_1).contains("newProducer");
    }

    private static boolean sharesBroker(String name) throws ClassNotFoundException {
        try {
            Class<?> type = Class.forName(name, false, PulsarTests.class.getClassLoader());
            return SharedPulsarBaseTest.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
        } catch (NoClassDefFoundError e) {
            return false; // its superclass, a test with a mocked broker, needs libraries that are not published
        }
    }
}
