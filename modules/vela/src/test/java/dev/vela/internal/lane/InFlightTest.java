package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.SendTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightTest {

    private final LaneRig rig = new LaneRig();
    private final List<Runnable> undelivered = new ArrayList<>();
    private final Completions completions = new Completions(undelivered::add);
    private final List<Send> expired = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final InFlight inFlight = new InFlight(lock, rig.context(-1, rig.scheduler, null), this::expired);

    private void expired(Send send) {
        expired.add(send);
        completions.fail(send, new SendTimeoutException("time is up"), rig.counters);
    }

    private void add(Entry entry) {
        lock.lock();
        try {
            inFlight.add(entry);
        } finally {
            lock.unlock();
        }
    }

    private List<Send> sendsWithDifferentTimeouts() {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(seconds -> rig.admitted(Duration.ofSeconds(seconds)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsOnceOfEachMessageWhoseTimeIsOverThoughItsAnswerIsNotDelivered(boolean batched) {
        // Given callbacks that do not run
        List<Send> sends = sendsWithDifferentTimeouts();
        if (batched) {
            BatchEntry batch = new BatchEntry(
                    rig.context(-1, rig.scheduler, Batching.defaults()), sends.get(0), 1024, sends.size());
            sends.forEach(batch::add);
            add(batch);
        } else {
            sends.forEach(send -> add(new SingleEntry(send)));
        }

        // When
        rig.scheduler.advance(Duration.ofSeconds(10));

        // Then
        assertThat(expired).containsExactlyElementsOf(sends);
        assertThat(sends).noneMatch(Send::isDone);
        undelivered.forEach(Runnable::run);
        assertThat(sends).allMatch(Send::isCompletedExceptionally);
    }
}
