package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void areDifferentAndBelowTheEphemeralOnes() {
        for (int seed = 0; seed < 20; seed++) {
            Ports ports = Ports.free(3, new Random(seed));

            assertThat(ports.numbers())
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .allSatisfy(port -> assertThat(port).isBetween(10_000, 32_767));
        }
    }

    @Test
    void avoidThoseThatAreTaken() throws IOException {
        Ports first = Ports.free(1, new Random(1));
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first.get(0)));

            assertThat(Ports.free(1, new Random(1))).isNotEqualTo(first);
        }
    }

    @Test
    void areReadBackAsTheyWereWritten() {
        Ports ports = new Ports(List.of(10_001, 10_002, 10_003));

        assertThat(Ports.parse(ports + "\n", 3)).isEqualTo(ports);
        assertThatThrownBy(() -> Ports.parse("1 2", 3))
                .isInstanceOf(LocalPulsarException.class)
                .hasMessage("ports must be 3 numbers, were 1 2");
        assertThatThrownBy(() -> Ports.parse("1 2 x", 3))
                .isInstanceOf(LocalPulsarException.class)
                .hasMessage("ports must be 3 numbers, were 1 2 x");
    }
}
