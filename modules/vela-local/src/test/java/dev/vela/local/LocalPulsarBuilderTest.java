package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalPulsarBuilderTest {

    private final LocalPulsarBuilder builder = LocalPulsar.builder();

    @Test
    void refusesEntriesThatItSetsItself() {
        assertThatThrownBy(() -> builder.config("brokerServicePort", "6650"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must not be one that the local Pulsar sets itself, was brokerServicePort");
    }

    @Test
    void refusesMalformedEntries() {
        assertThatThrownBy(() -> builder.config("a=b", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must be letters, digits, '_', '.' or '-', was a=b");
        assertThatThrownBy(() -> builder.config("clusterName", "a\nbindAddress=0.0.0.0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("value of clusterName must be a single line, was a");
    }

    @Test
    void refusesWhatIsNoJvmOption() {
        assertThatThrownBy(() -> builder.jvmOption("Xmx1g"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option must begin with '-', was Xmx1g");
    }

    @Test
    void refusesNoTimeAtAllAndMoreThanThereIs() {
        assertThatThrownBy(() -> builder.readyWithin(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must be in (0, 100 years], was 0 s");
        assertThatThrownBy(() -> builder.readyWithin(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must be in (0, 100 years], was 9223372036854775807 s");
    }
}
