package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyOrderTest {

    @Test
    void knowsALaterMessageOfTheSameKey() {
        KeyOrder order = new KeyOrder();

        assertThat(order.advance(1, 5)).isTrue();
        assertThat(order.advance(2, 3)).isTrue();
        assertThat(order.advance(1, 4)).isFalse();
        assertThat(order.advance(1, 6)).isTrue();
        assertThat(order.advance(2, 4)).isTrue();
    }

    @Test
    void keepsItsMemoryWhileItGrows() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        KeyOrder order = new KeyOrder();
        Map<Long, Integer> model = new HashMap<>();

        for (int i = 0; i < 50_000; i++) {
            // Neighbours, to make them collide; and zero, which a free slot looks like.
            long key = random.nextInt(20_000);
            int index = random.nextInt(1_000);
            boolean inOrder = index >= model.getOrDefault(key, 0);
            assertThat(order.advance(key, index))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(inOrder);
            model.merge(key, index, Math::max);
        }
    }
}
