package dev.vela.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class VelaPropertiesTest {

    @Test
    void theDefaultsAreThoseOfTheGuide() {
        VelaProperties defaults = bind(Map.of());

        assertThat(defaults)
                .isEqualTo(new VelaProperties(
                        true,
                        true,
                        true,
                        1,
                        InFlightPolicy.REPORT,
                        false,
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        null,
                        null,
                        null,
                        null,
                        true,
                        true,
                        new VelaProperties.Restarts(100, Duration.ofSeconds(60)),
                        new VelaProperties.Entries(null, null, null, null, false),
                        new VelaProperties.Health(Duration.ofSeconds(30)),
                        new VelaProperties.Metrics(true, false)));
        assertThat(defaults.batching().adjust(Batching.defaults())).isEqualTo(Batching.defaults());
    }

    @Test
    void entriesChangeWhatIsGivenOnly() {
        Batching given = Batching.defaults().withMaxMessages(7).withKeyBased();

        assertThat(bind(Map.of("vela.batching.max-bytes", "64KB")).batching().adjust(given))
                .isEqualTo(given.withMaxBytes(64 << 10));
        assertThat(new VelaProperties.Entries(
                                9, DataSize.ofKilobytes(1), Duration.ofMillis(5), Batching.Flush.AT_INTERVAL, true)
                        .adjust(Batching.defaults()))
                .isEqualTo(Batching.defaults()
                        .withMaxMessages(9)
                        .withMaxBytes(1024)
                        .withFlushInterval(Duration.ofMillis(5))
                        .withFlush(Batching.Flush.AT_INTERVAL)
                        .withKeyBased());
    }

    @ParameterizedTest
    @CsvSource({
        "vela.producers,0,'vela.producers must be in [1, 1000], was 0'",
        "vela.producers,1001,'vela.producers must be in [1, 1000], was 1001'",
        "vela.drain-timeout,-1s,vela.drain-timeout must not be negative",
        "vela.await-ready,-1s,vela.await-ready must not be negative",
        "vela.max-pending-messages,0,'vela.max-pending-messages must be >= 1, was 0'",
        "vela.max-pending-bytes,0,vela.max-pending-bytes must be >= 1B",
        "vela.disconnected-limit,0s,vela.disconnected-limit must be positive",
        "vela.linger,-1s,vela.linger must not be negative",
        "vela.restart-intensity.max-restarts,-1,'vela.restart-intensity.max-restarts must be >= 0, was -1'",
        "vela.restart-intensity.period,0s,vela.restart-intensity.period must be positive",
        "vela.batching.max-messages,1,vela.batching: maxMessages must be",
        "vela.batching.max-bytes,3GB,vela.batching: ",
        "vela.batching.flush-interval,-1ms,vela.batching: flushInterval must be",
        "vela.health.grace,-1s,vela.health.grace must not be negative",
        "vela.in-flight-policy,forget,vela.in-flight-policy"
    })
    void aValueOutOfRangeIsRefusedByItsName(String key, String value, String message) {
        assertThatThrownBy(() -> bind(Map.of(key, value))).hasStackTraceContaining(message);
    }

    /** Whoever edits a property in an IDE reads what it is. */
    @Test
    void eachPropertyIsDescribed() throws IOException {
        String metadata;
        try (InputStream file =
                VelaProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        Stream<String> flat = Arrays.stream(VelaProperties.class.getRecordComponents())
                .filter(component -> !component.getType().isRecord())
                .map(component -> "vela." + kebab(component.getName()));
        Stream<String> nested = Arrays.stream(VelaProperties.class.getRecordComponents())
                .filter(component -> component.getType().isRecord())
                .flatMap(component -> Arrays.stream(component.getType().getRecordComponents())
                        .map(inner -> "vela." + kebab(component.getName()) + "." + kebab(inner.getName())));

        assertThat(Stream.concat(flat, nested).toList()).hasSize(24).allSatisfy(key -> {
            MatchResult entry = Pattern.compile(
                            "\"name\": \"" + key + "\",\\s+\"type\": \"[^\"]+\",\\s+\"description\": \"\\w")
                    .matcher(metadata)
                    .results()
                    .findFirst()
                    .orElse(null);
            assertThat(entry).as(key).isNotNull();
        });
        assertThat(metadata)
                .contains(
                        "management.endpoint.vela.", "management.endpoint.velaview.", "management.health.vela.enabled");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static VelaProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("vela", VelaProperties.class);
    }
}
