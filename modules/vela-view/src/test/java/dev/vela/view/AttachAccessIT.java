package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which application takes the place of one that has ended. */
@Tag("full")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AttachAccessIT {

    @Test
    void aReplicaDoesNotTakeThePlaceOfAnApplicationAndALaterStartDoes() throws Exception {
        SharedPulsar.get().admin().createPartitionedTopic("attached-orders", 1);
        try (OrdersProcess replica = OrdersProcess.start("attached-orders", "attached-replica");
                OrdersProcess first = OrdersProcess.start("attached-orders", "attached-ledger");
                MBeanSource source = new MBeanSource(new AttachAccess(Jvm.of(Long.parseLong(first.pid()))))) {
            assertThat(source.read(Map.of())).hasSize(1);

            first.close();

            assertThatThrownBy(() -> source.read(Map.of())).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> source.read(Map.of()))
                    .hasMessageContaining("process " + first.pid() + " has ended; waiting for another JVM");
            assertThat(source.describe()).doesNotContain(replica.pid());

            try (OrdersProcess next = OrdersProcess.start("attached-orders", "attached-ledger")) {
                assertThat(source.read(Map.of())).hasSize(1);
                assertThat(source.describe())
                        .contains("process " + next.pid(), "after process " + first.pid() + " ended");
            }
        }
    }
}
