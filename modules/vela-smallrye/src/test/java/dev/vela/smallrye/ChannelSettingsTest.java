package dev.vela.smallrye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vela.InFlightPolicy;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelSettingsTest {
    @Test
    void aChannelIsSupervisedWithTheDefaultsUnlessItSaysOtherwise() {
        assertThat(ChannelSettings.of(config(Map.of())))
                .isEqualTo(new ChannelSettings(true, Optional.empty(), Optional.empty()));
    }

    @Test
    void readsWhatAChannelSays() {
        assertThat(ChannelSettings.of(config(
                        Map.of("vela.enabled", "false", "vela.in-flight-policy", "replay", "vela.producers", "3"))))
                .isEqualTo(new ChannelSettings(false, Optional.of(InFlightPolicy.REPLAY), Optional.of(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "vela.enabled,          yes,        true or false",
        "vela.in-flight-policy, both,       report or replay",
        "vela.producers,        0,          a whole number >= 1",
        "vela.producers,        -1,         a whole number >= 1",
        "vela.producers,        2147483648, a whole number >= 1",
        "vela.producers,        two,        a whole number >= 1",
    })
    void refusesABadValue(String property, String value, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelSettings.of(config(Map.of(property, value))))
                .withMessage(property + " must be " + rule + ", was \"" + value + '"');
    }

    @Test
    void refusesAPropertyThatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelSettings.of(config(Map.of("vela.in-flight", "replay", "topic", "orders"))))
                .withMessage("unknown property vela.in-flight; known are vela.enabled, vela.in-flight-policy,"
                        + " vela.producers");
    }

    @Test
    void readsVariablesOfTheEnvironment() {
        Config environment = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(
                        Map.of("VELA_IN_FLIGHT_POLICY", "replay", "VELA_PRODUCERS", "2", "VELATED", "x"), 300))
                .build();
        assertThat(ChannelSettings.of(environment))
                .isEqualTo(new ChannelSettings(true, Optional.of(InFlightPolicy.REPLAY), Optional.of(2)));
    }

    private static Config config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .build();
    }
}
