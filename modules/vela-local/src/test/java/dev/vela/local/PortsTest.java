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
    void areThreeBelowTheEphemeralOnes() {
        for (int seed = 0; seed < 20; seed++) {
            Ports ports = Ports.free(new Random(seed));

            assertThat(List.of(ports.broker(), ports.web(), ports.bookie()))
                    .doesNotHaveDuplicates()
                    .allSatisfy(port -> assertThat(port).isBetween(10_000, 32_767));
        }
    }

    @Test
    void avoidThoseThatAreTaken() throws IOException {
        Ports first = Ports.free(new Random(1));
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first.broker()));

            assertThat(Ports.free(new Random(1)).broker()).isNotEqualTo(first.broker());
        }
    }

    @Test
    void areReadBackAsTheyWereWritten() {
        Ports ports = new Ports(10_001, 10_002, 10_003);

        assertThat(Ports.parse(ports + "\n")).isEqualTo(ports);
        assertThat(ports.serviceUrl()).isEqualTo("pulsar://127.0.0.1:10001");
        assertThat(ports.adminUrl()).isEqualTo("http://127.0.0.1:10002");
        assertThatThrownBy(() -> Ports.parse("1 2"))
                .isInstanceOf(LocalPulsarException.class)
                .hasMessage("ports must be three numbers, were 1 2");
        assertThatThrownBy(() -> Ports.parse("1 2 x"))
                .isInstanceOf(LocalPulsarException.class)
                .hasMessage("ports must be three numbers, were 1 2 x");
    }
}
