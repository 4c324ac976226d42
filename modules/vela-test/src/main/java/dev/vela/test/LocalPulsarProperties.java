package dev.vela.test;

import java.util.Objects;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Connects a Spring Boot application under test to the local Pulsar that the tests of this JVM share: sets
 * {@code spring.pulsar.client.service-url} and {@code spring.pulsar.admin.service-url}. Starts that Pulsar if it is not
 * running.
 *
 * <pre>{@code
 * @SpringBootTest
 * @Import(LocalPulsarProperties.class)
 * class OrdersTest {
 *     @RegisterExtension
 *     static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();
 * }
 * }</pre>
 *
 * <p>Needs Spring 6.2, as in Spring Boot 3.4, or newer. Thread-safe.
 */
public final class LocalPulsarProperties implements DynamicPropertyRegistrar {
    /** Creates the registrar. */
    public LocalPulsarProperties() {}

    @Override
    public void accept(DynamicPropertyRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        registry.add(
                "spring.pulsar.client.service-url",
                () -> SharedPulsar.get().pulsar().serviceUrl());
        registry.add(
                "spring.pulsar.admin.service-url",
                () -> SharedPulsar.get().pulsar().adminUrl());
    }
}
