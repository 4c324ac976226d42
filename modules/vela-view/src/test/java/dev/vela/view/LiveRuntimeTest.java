package dev.vela.view;

import static dev.vela.view.Reporting.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveRuntimeTest {

    private final Rates rates = new Rates();

    private double rate(String instance, int second, long stored) throws IOException {
        Reporting report = new Reporting(instance).time(NOON.plusSeconds(second));
        report.topic("orders", "READY").group("", "READY", stored, 0, 0, 0);
        return LiveRuntime.all(List.of(report.json()), rates)
                .get(0)
                .topics()
                .get(0)
                .rate();
    }

    @Test
    void computesRatesByTheClockOfTheApplication() throws IOException {
        assertThat(rate("a", 0, 100)).isNaN();
        assertThat(rate("a", 2, 300)).isEqualTo(100);
        assertThat(rate("a", 2, 300)).isEqualTo(100); // read twice in the same moment
        assertThat(rate("a", 4, 300)).isZero();
    }

    @Test
    void takesADecreaseOrAnotherInstanceForANewStart() throws IOException {
        assertThat(rate("a", 0, 100)).isNaN();
        assertThat(rate("a", 1, 40)).isNaN();
        assertThat(rate("a", 2, 50)).isEqualTo(10);
        assertThat(rate("b", 3, 500)).isNaN();
    }

    @Test
    void readsWhatANewerVelaReports() throws IOException {
        Reporting report = new Reporting("a").unknown("weather").event(7, "ASCENDED", "orders", "why not");
        report.topic("orders", "DREAMING").group("", "SLEEPING", 0, 0, 0, 0);

        LiveRuntime runtime = LiveRuntime.all(List.of(report.json()), rates).get(0);

        assertThat(runtime.topics().get(0).state()).isEqualTo("DREAMING");
        assertThat(Health.of("DREAMING")).isEqualTo(Health.UNKNOWN);
        assertThat(runtime.events().get(0).type()).isEqualTo("ASCENDED");
        assertThat(runtime.lastEvent()).isEqualTo(7);
    }

    @Test
    void refusesWhatIsNoReport() {
        assertThatThrownBy(() -> LiveRuntime.all(List.of("<html>"), rates)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> LiveRuntime.all(List.of("{}"), rates)).isInstanceOf(IOException.class);
    }
}
