package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.runtime.LookUps;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    @ParameterizedTest
    @CsvSource({"x-partition-0, x, 0", "x-partition-12, x, 12", "x-partition-1-partition-2, x-partition-1, 2"})
    void nameOfAPartitionHasItsIndexAndItsTopic(String name, String topic, int index) {
        assertThat(Topics.partition(name)).isEqualTo(index);
        assertThat(Topics.base(name)).isEqualTo(topic);
        assertThat(Topics.partition(topic, index)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-partition-01",
                "x-partition-007",
                "x-partition-00",
                "x-partition-",
                "x-partition--1",
                "x-partition-+1",
                "x-partition-1a",
                "x-partition-99999999999",
                "x"
            })
    void otherNamesAreThoseOfTopics(String name) {
        assertThat(Topics.partition(name)).isEqualTo(-1);
        assertThat(Topics.base(name)).isEqualTo(name);
    }

    @Test
    void aTopicWhosePartitionsHaveNoIndexHasNone() {
        assertThat(LookUps.count(List.of("x-partition-01"))).isZero();
        assertThat(LookUps.count(List.of("x-partition-0", "x-partition-1"))).isEqualTo(2);
    }
}
