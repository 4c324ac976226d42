package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.InFlightPolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApplicationSettingsTest {

    @Test
    void areReadAsTheyWereGiven() {
        ApplicationSettings settings = new ApplicationSettings(
                3,
                Path.of("a folder", "journal=1"),
                "pulsar://127.0.0.1:1",
                Path.of("token"),
                new Setup(Subject.OFFICIAL, true, false, 2, InFlightPolicy.REPLAY, 500),
                "main",
                4,
                "side",
                2,
                "single");

        assertThat(ApplicationSettings.parse(settings.arguments().toArray(new String[0])))
                .isEqualTo(settings);
    }
}
