package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.local.ServerProcess.PortTakenException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerHostTest {

    private final AtomicInteger tries = new AtomicInteger();

    private int startAtTry(int lucky) {
        if (tries.incrementAndGet() < lucky) {
            throw new PortTakenException("taken");
        }
        return tries.get();
    }

    @Test
    void triesOtherPortsWhenOneIsTaken() {
        assertThat(ServerHost.tryPorts(false, () -> startAtTry(3))).isEqualTo(3);
    }

    @Test
    void givesUpAfterThreeTries() {
        assertThatThrownBy(() -> ServerHost.tryPorts(false, () -> startAtTry(4)))
                .isInstanceOf(PortTakenException.class);
        assertThat(tries).hasValue(3);
    }

    @Test
    void triesOnceWhereThereIsNoChoice() {
        assertThatThrownBy(() -> ServerHost.tryPorts(true, () -> startAtTry(2))).isInstanceOf(PortTakenException.class);
        assertThat(tries).hasValue(1);
    }
}
