package dev.vela.spring.it;

import com.example.orders.OrdersApplication;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vela.Vela;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.pulsar.core.PulsarTemplate;

/** An application that runs, and can be asked over HTTP. */
final class Application implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What protects an application by itself once Spring Security is there, which only one test is about. */
    private static final String SECURITY = String.join(
            ",",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.reactive.ReactiveSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.reactive.ReactiveUserDetailsServiceAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.reactive"
                    + ".ReactiveManagementWebSecurityAutoConfiguration");

    final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    /** What every application has: whatever the class path brings. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Base {}

    private Application(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Runs an application of the given configuration with properties of the form {@code key=value}. */
    static Application run(Class<?> configuration, String... properties) {
        Map<String, String> all = new HashMap<>(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.pulsar.client.service-url", Broker.pulsar().serviceUrl(),
                "spring.pulsar.admin.service-url", Broker.pulsar().adminUrl(),
                "management.endpoints.web.exposure.include", "health,vela",
                "management.endpoint.health.show-details", "always",
                "management.endpoint.health.probes.enabled", "true"));
        return run(all, properties, Base.class, configuration);
    }

    /** Runs the sample, with its own configuration file. */
    static Application sample(String... properties) {
        Path file = Path.of(System.getProperty("vela.test.sample"), "src", "main", "resources", "application.yml");
        Map<String, String> all = new HashMap<>(Map.of(
                "server.port",
                "0",
                "spring.main.banner-mode",
                "off",
                "spring.config.location",
                file.toUri().toString(),
                "spring.pulsar.client.service-url",
                Broker.pulsar().serviceUrl()));
        return run(all, properties, OrdersApplication.class);
    }

    private static Application run(Map<String, String> all, String[] properties, Class<?>... sources) {
        all.put("spring.autoconfigure.exclude", SECURITY);
        for (String property : properties) {
            int equals = property.indexOf('=');
            all.put(property.substring(0, equals), property.substring(equals + 1));
        }
        String[] arguments = all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        SpringApplication application = new SpringApplication(sources);
        application.setRegisterShutdownHook(false);
        return new Application(application.run(arguments));
    }

    static Application run(String... properties) {
        return run(Base.class, properties);
    }

    @SuppressWarnings("unchecked") // templates do not depend on their type
    <T> PulsarTemplate<T> template() {
        return context.getBean(PulsarTemplate.class);
    }

    Vela vela() {
        return context.getBean(Vela.class);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(get(path).body());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return post(path, "application/json", json);
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path));
    }

    /** The address of a path below the actuator's port. */
    URI url(String path) {
        String port = context.getEnvironment().getProperty("local.management.port");
        return URI.create("http://localhost:" + port + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
