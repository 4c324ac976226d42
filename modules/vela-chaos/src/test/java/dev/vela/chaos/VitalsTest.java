package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class VitalsTest {

    private static final int BYTES = 50_000_000;

    @Test
    void seesWhatIsHeldOnTheHeapAndOutsideOfIt() {
        Vitals before = Vitals.now(3);
        byte[] held = new byte[BYTES];
        ByteBuffer direct = ByteBuffer.allocateDirect(BYTES);

        Vitals after = Vitals.now(3);

        assertThat(after.heap() - before.heap()).isGreaterThan(BYTES / 2);
        assertThat(after.direct() - before.direct()).isGreaterThanOrEqualTo(BYTES);
        assertThat(after.threads()).isPositive();
        assertThat(after.atMillis()).isGreaterThanOrEqualTo(before.atMillis());
        assertThat(after.life()).isEqualTo(3);
        assertThat(held.length).isEqualTo(direct.capacity()); // both are in use until here
    }
}
