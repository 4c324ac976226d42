package dev.vela.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandleHealthTest {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "STARTING,29,UP",
        "STARTING,30,OUT_OF_SERVICE",
        "READY,0,UP",
        "DEGRADED,999999,UP",
        "RESTARTING,29,UP",
        "RESTARTING,30,OUT_OF_SERVICE",
        "DOWN,0,DOWN",
        "FAILED,0,DOWN",
    })
    void eachStateHasItsHealth(HandleState state, int seconds, HandleHealth.Level level) {
        HandleHealth health = HandleHealth.of(topic(state, Optional.empty()), GRACE, SINCE.plusSeconds(seconds));

        assertThat(health).isNotNull();
        assertThat(health.level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({"STOPPING", "STOPPED"})
    void aStoppedHandleHasNone(HandleState state) {
        assertThat(HandleHealth.of(topic(state, Optional.empty()), GRACE, SINCE))
                .isNull();
    }

    @Test
    void theDetailsTellStateCauseAndSince() {
        HandleHealth health =
                HandleHealth.of(topic(HandleState.DOWN, Optional.of(new IllegalStateException("gone"))), GRACE, SINCE);

        assertThat(health.details())
                .containsEntry("topic", "t")
                .containsEntry("state", "DOWN")
                .containsEntry("since", "2026-01-01T00:00:00Z")
                .containsEntry("lastCause", "IllegalStateException: gone")
                .containsEntry("producers", Map.of("ready", 1, "fenced", 1))
                .containsEntry("pendingMessages", 3L);
    }

    @Test
    void theCauseOfTheHandleIsToldIfNoProducerIsDown() {
        Snapshot.Topic topic = new Snapshot.Topic(
                "n", "t", HandleState.FAILED, SINCE, Optional.of(new AssertionError()), 0, 0, 0, 0, 0, List.of());

        assertThat(HandleHealth.lastCause(topic)).isEqualTo("AssertionError");
    }

    @Test
    void theCauseOfWhatGaveUpComesFirstThenThatOfWhatIsNotReady() {
        Snapshot.Producer mended = producer(ProducerState.READY, "mended");
        Snapshot.Producer fenced = producer(ProducerState.FENCED, "fenced");

        assertThat(lastCause(HandleState.FAILED, HandleState.FAILED, mended, fenced))
                .isEqualTo("IllegalStateException: handle");
        assertThat(lastCause(HandleState.RESTARTING, HandleState.FAILED, mended, fenced))
                .isEqualTo("IllegalStateException: group");
        assertThat(lastCause(HandleState.DEGRADED, HandleState.DEGRADED, mended, fenced))
                .isEqualTo("IllegalStateException: fenced");
        assertThat(lastCause(HandleState.READY, HandleState.READY, mended, mended))
                .isEqualTo("IllegalStateException: handle");
    }

    private static String lastCause(HandleState handle, HandleState group, Snapshot.Producer... producers) {
        Snapshot.Group only = new Snapshot.Group(
                "t", group, Optional.of(new IllegalStateException("group")), 0, 0, 0, 0, 0, 0, 0, List.of(producers));
        return HandleHealth.lastCause(new Snapshot.Topic(
                "n",
                "t",
                handle,
                SINCE,
                Optional.of(new IllegalStateException("handle")),
                0,
                0,
                0,
                0,
                0,
                List.of(only)));
    }

    private static Snapshot.Producer producer(ProducerState state, String cause) {
        return new Snapshot.Producer(
                cause,
                "t",
                0,
                state,
                SINCE,
                Optional.of(new IllegalStateException(cause)),
                0,
                0,
                Duration.ZERO,
                Optional.empty());
    }

    private static Snapshot.Topic topic(HandleState state, Optional<Throwable> cause) {
        List<Snapshot.Producer> producers = List.of(
                new Snapshot.Producer(
                        "a",
                        "t",
                        0,
                        ProducerState.READY,
                        SINCE,
                        Optional.empty(),
                        0,
                        0,
                        Duration.ZERO,
                        Optional.empty()),
                new Snapshot.Producer(
                        "b", "t", 1, ProducerState.FENCED, SINCE, cause, 0, 0, Duration.ZERO, Optional.empty()));
        Snapshot.Group group = new Snapshot.Group("t", state, Optional.empty(), 0, 0, 3, 30, 0, 0, 0, producers);
        return new Snapshot.Topic("n", "t", state, SINCE, Optional.empty(), 0, 0, 0, 3, 0, List.of(group));
    }
}
