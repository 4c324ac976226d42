package dev.vela.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionChoiceTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 17})
    void allAreEquallyLikelyWhereAllAreAcceptable(int partitions) {
        // Given
        int each = 10_000;
        int[] counts = new int[partitions];

        // When
        for (int i = 0; i < each * partitions; i++) {
            counts[PartitionChoice.random(partitions, partition -> true)]++;
        }

        // Then: seven times the standard deviation, which is below the root of the mean
        assertThat(Arrays.stream(counts).boxed()).allMatch(count -> Math.abs(count - each) <= 700);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 17})
    void triesEachOnceAndThenGivesUp(int partitions) {
        for (int round = 0; round < 100; round++) {
            // Given
            List<Integer> tried = new ArrayList<>();

            // When
            int chosen = PartitionChoice.random(partitions, partition -> {
                tried.add(partition);
                return false;
            });

            // Then
            assertThat(chosen).isEqualTo(PartitionChoice.NONE);
            assertThat(tried).doesNotHaveDuplicates().hasSize(partitions).allMatch(i -> i >= 0 && i < partitions);
        }
    }

    @Test
    void findsTheOnlyOneThatIsAcceptable() {
        for (int only = 0; only < 5; only++) {
            int acceptable = only;
            for (int round = 0; round < 50; round++) {
                assertThat(PartitionChoice.random(5, partition -> partition == acceptable))
                        .isEqualTo(only);
            }
        }
    }

    @Test
    void triesNoMoreOnceOneIsAccepted() {
        for (int round = 0; round < 100; round++) {
            // Given
            List<Integer> tried = new ArrayList<>();

            // When
            int chosen = PartitionChoice.random(7, partition -> {
                tried.add(partition);
                return tried.size() == 3;
            });

            // Then
            assertThat(tried).hasSize(3).endsWith(chosen);
        }
    }
}
