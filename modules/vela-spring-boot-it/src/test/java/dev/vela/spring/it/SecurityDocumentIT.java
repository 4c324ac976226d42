package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What docs/spring.md has for Spring Security. On Boot 3.5 only: on 4.0 one class of the snippet has another package. */
class SecurityDocumentIT {

    @Configuration(proxyBeanMethods = false)
    static class Protected {
        @Bean
        SecurityFilterChain endpoints(HttpSecurity http) throws Exception {
            return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("OPERATOR"))
                    .httpBasic(withDefaults())
                    .csrf(csrf -> csrf.ignoringRequestMatchers(EndpointRequest.to("velaview")))
                    .build();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void onlyAnOperatorSeesAndRestarts() throws Exception {
        try (Application application = Application.run(
                Protected.class,
                "spring.autoconfigure.exclude=",
                "management.endpoints.web.exposure.include=vela,velaview",
                "spring.security.user.name=ann",
                "spring.security.user.password=secret",
                "spring.security.user.roles=OPERATOR")) {
            String port = application.context.getEnvironment().getProperty("local.server.port");
            HttpRequest.Builder report = request(port, "velaview/report");
            HttpRequest.Builder restart = request(port, "velaview/restart").POST(json("{}"));
            HttpRequest.Builder other = request(port, "vela/orders").POST(json("{}"));

            assertThat(status(report)).isEqualTo(401);
            assertThat(status(restart)).isEqualTo(401);
            assertThat(status(asAnn(report))).isEqualTo(200);
            assertThat(status(asAnn(restart))).isEqualTo(400); // it lacks the name
            assertThat(status(asAnn(other))).isEqualTo(403); // it lacks the token
        }
    }

    private static HttpRequest.Builder request(String port, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path))
                .header("Content-Type", "application/json");
    }

    private static HttpRequest.BodyPublisher json(String text) {
        return HttpRequest.BodyPublishers.ofString(text);
    }

    private static HttpRequest.Builder asAnn(HttpRequest.Builder request) {
        return request.header(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8)));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
