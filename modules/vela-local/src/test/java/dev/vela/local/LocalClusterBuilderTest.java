package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalClusterBuilderTest {

    private final LocalClusterBuilder builder = LocalCluster.builder();

    @Test
    void refusesAClusterWithoutBrokersOrBookies() {
        assertThatThrownBy(() -> builder.brokers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("brokers must be >= 1, was 0");
        assertThatThrownBy(() -> builder.bookies(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bookies must be >= 1, was -1");
    }

    @Test
    void refusesEntriesThatItSetsItself() {
        assertThatThrownBy(() -> builder.config("metadataStoreUrl", "zk:elsewhere"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must not be one that the local Pulsar sets itself, was metadataStoreUrl");
        assertThatThrownBy(() -> builder.config("advertisedListeners", "a:pulsar://127.0.0.1:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must not be one that the local Pulsar sets itself, was advertisedListeners");
    }

    @Test
    void refusesASessionTooShortToBeKeptOrTooLongToEnd() {
        assertThatThrownBy(() -> builder.sessionTimeout(Duration.ofMillis(1_999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must be in [2 s, 1 h], was 1999 ms");
        assertThatThrownBy(() -> builder.sessionTimeout(Duration.ofSeconds(3_601)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must be in [2 s, 1 h], was 3601 s");
    }

    @Test
    void refusesWhatIsNoJvmOption() {
        assertThatThrownBy(() -> builder.brokerJvmOption("Xmx1g"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option must begin with '-', was Xmx1g");
        assertThatThrownBy(() -> builder.bookieJvmOption("Xmx1g"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option must begin with '-', was Xmx1g");
    }

    @Test
    void refusesAnAdvertisedPortThatCannotBe() {
        assertThatThrownBy(() -> builder.advertisedPort(0, 65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be 1 to 65535, was 65536");
        assertThatThrownBy(() -> builder.advertisedPort(-1, 6650))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("broker must be >= 0, was -1");
        builder.brokers(2).advertisedPort(2, 6650);
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("advertisedPort is set for broker 2 of 2");
    }
}
