package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuffersTest {

    private static final int LARGEST = 4 << 20;

    private final Buffers buffers = new Buffers(8192);

    @ParameterizedTest(name = "for {0} bytes one of {1}")
    @CsvSource({
        "0, 1024",
        "1, 1024",
        "1024, 1024",
        "1025, 2048",
        "100000, 131072",
        "4194304, 4194304",
        "9999999, 4194304"
    })
    void isTheNextPowerOfTwo(int atLeast, int length) {
        assertThat(buffers.take(atLeast)).hasSize(length);
    }

    @Test
    void givesAgainWhatWasTakenBack() {
        byte[] buffer = buffers.take(2000);
        buffers.keep(buffer);

        assertThat(buffers.kept()).isEqualTo(2048);
        assertThat(buffers.take(1500)).isSameAs(buffer);
        assertThat(buffers.kept()).isZero();
        assertThat(buffers.take(1500)).isNotSameAs(buffer);
    }

    @Test
    void givesNoBufferThatIsTooSmallOrMuchTooLarge() {
        byte[] buffer = buffers.take(2000);
        buffers.keep(buffer);

        assertThat(buffers.take(3000)).hasSize(4096);
        assertThat(buffers.take(10)).hasSize(1024);
    }

    @Test
    void keepsNoMoreThanItMay() {
        for (int i = 0; i < 5; i++) {
            buffers.keep(new byte[2048]);
        }
        buffers.keep(new byte[LARGEST]);

        assertThat(buffers.kept()).isEqualTo(8192);
    }

    @Test
    void keepsNoneOfAnotherMake() {
        buffers.keep(new byte[3000]);
        buffers.keep(new byte[16]);

        assertThat(buffers.kept()).isZero();
    }
}
