package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuffersTest {

    private static final int LARGEST = 4 << 20;

    private final Buffers buffers = new Buffers(8192);

    @ParameterizedTest(name = "for {0} bytes one of {1}")
    @CsvSource({"0, 1024", "1, 1024", "1024, 1024", "1025, 2048", "100000, 131072", "4194304, 4194304"})
    void isTheNextPowerOfTwo(int atLeast, int capacity) {
        ByteBuffer buffer = new Buffers(LARGEST).take(atLeast);

        assertThat(buffer.capacity()).isEqualTo(capacity);
        assertThat(buffer.isDirect()).isTrue();
    }

    @Test
    void isOnTheHeapWhenItIsLargerThanAnyThatIsUsedAgain() {
        ByteBuffer buffer = new Buffers(Long.MAX_VALUE).take(LARGEST + 1);
        buffers.keep(buffer);

        assertThat(buffer.capacity()).isEqualTo(LARGEST + 1);
        assertThat(buffer.isDirect()).isFalse();
        assertThat(buffers.kept()).isZero();
    }

    @Test
    void givesAgainWhatWasTakenBack() {
        ByteBuffer buffer = buffers.take(2000);
        buffers.keep(buffer);

        assertThat(buffers.kept()).isEqualTo(2048);
        assertThat(buffers.take(1500)).isSameAs(buffer);
        assertThat(buffers.kept()).isZero();
        assertThat(buffers.take(1500)).isNotSameAs(buffer);
    }

    @Test
    void theOneThatWasUsedLastComesFirst() {
        Buffers buffers = new Buffers(LARGEST);
        ByteBuffer before = buffers.take(2000);
        ByteBuffer last = buffers.take(2000);

        buffers.keep(before);
        buffers.keep(last);

        assertThat(buffers.take(2000)).isSameAs(last);
        assertThat(buffers.take(2000)).isSameAs(before);
    }

    @Test
    void givesNoBufferThatIsTooSmallOrMuchTooLarge() {
        buffers.keep(buffers.take(2000));

        assertThat(buffers.take(3000).capacity()).isEqualTo(4096);
        assertThat(buffers.take(10).capacity()).isEqualTo(1024);
    }

    @Test
    void makesNoMoreThanItMayOutsideOfTheHeap() {
        // Given as many as there may be
        List<ByteBuffer> made = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            made.add(buffers.take(2048));
        }

        // When one more is wanted
        ByteBuffer more = buffers.take(2048);
        buffers.keep(more);

        // Then it is on the heap, and not used again
        assertThat(made).allMatch(ByteBuffer::isDirect);
        assertThat(more.isDirect()).isFalse();
        assertThat(more.capacity()).isEqualTo(2048);
        assertThat(buffers.kept()).isZero();
    }

    @Test
    void makesOthersInPlaceOfThoseThatNeverComeBack() {
        for (int i = 0; i < 4; i++) {
            buffers.take(2048);
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return buffers.take(2048).isDirect();
        });
    }

    @Test
    void makesOthersInPlaceOfThoseOfASizeThatNobodyWants() {
        buffers.keep(buffers.take(2048));
        buffers.keep(buffers.take(4096));

        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return buffers.take(8192).isDirect();
        });
    }
}
