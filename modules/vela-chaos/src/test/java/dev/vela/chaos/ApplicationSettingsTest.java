package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.InFlightPolicy;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApplicationSettingsTest {

    @Test
    void areReadAsTheyWereGiven() {
        ApplicationSettings settings = new ApplicationSettings(
                3,
                Path.of("a folder", "journal=1"),
                "pulsar://127.0.0.1:1",
                Path.of("token"),
                new Setup(
                        Subject.OFFICIAL,
                        true,
                        false,
                        2,
                        InFlightPolicy.REPLAY,
                        500,
                        Set.of(Dimension.CHUNKING, Dimension.ENCRYPTION)),
                "main",
                4,
                "side",
                2,
                "single",
                ApplicationSettings.Role.CANDIDATE,
                1080);

        assertThat(ApplicationSettings.parse(settings.arguments().toArray(new String[0])))
                .isEqualTo(settings);
    }

    @Test
    void withoutDimensionsAreReadAsTheyWereGiven() {
        ApplicationSettings settings = new ApplicationSettings(
                0,
                Path.of("journal"),
                "pulsar://127.0.0.1:1",
                Path.of("folder", "token"),
                new Setup(Subject.VELA, true, false, 2, InFlightPolicy.REPLAY, 500, Set.of()),
                "main",
                4,
                "side",
                2,
                "persistent://public/space/single",
                ApplicationSettings.Role.PUBLISHER,
                0);

        assertThat(ApplicationSettings.parse(settings.arguments().toArray(new String[0])))
                .isEqualTo(settings);
        assertThat(settings.topic("led")).isEqualTo("persistent://public/space/led");
    }
}
