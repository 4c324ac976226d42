package dev.vela.view;

import static dev.vela.view.Reporting.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WatcherTest {

    private static final Duration INTERVAL = Duration.ofMillis(1);

    private final SetClock clock = new SetClock();
    private final ScriptedSource source = new ScriptedSource();
    private final Watcher watcher = new Watcher(source, INTERVAL, clock);

    /** A clock that stands. */
    private static final class SetClock extends Clock {
        private volatile Instant now = NOON;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** Hangs in each call until it is told what to answer. */
    private static final class ScriptedSource implements Source {

        /** What an answer is made of. */
        @FunctionalInterface
        private interface Answer {
            List<String> to(Map<String, Long> lastEvents) throws IOException;
        }

        private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<Map<String, Long>> questions = new LinkedBlockingQueue<>();
        private final List<String> restarts = new ArrayList<>();
        private volatile boolean closed;

        @Override
        public String describe() {
            return "script";
        }

        @Override
        public List<String> read(Map<String, Long> lastEvents) throws IOException {
            questions.add(lastEvents);
            try {
                return answers.take().to(lastEvents);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void restart(String instance, String name) throws IOException {
            if (name.equals("stopped")) {
                throw new IOException("is stopped");
            }
            restarts.add(instance + " " + name);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @AfterEach
    void close() {
        watcher.close();
    }

    private void answer(ScriptedSource.Answer answer) {
        long version = watcher.watched().version();
        source.answers.add(answer);
        await().atMost(Duration.ofMinutes(1)).until(() -> watcher.watched().version() > version);
    }

    private void answer(Reporting report) {
        answer(events -> List.of(report.json()));
    }

    @Test
    void saysSinceWhenAFrozenApplicationDoesNotAnswerAndTakesItUpAgain() throws Exception {
        answer(new Reporting("a"));
        source.questions.take();
        source.questions.take(); // hangs
        clock.pass(Duration.ofSeconds(3));
        assertThat(watcher.watched().link()).isEqualTo(Watched.Link.LIVE);

        clock.pass(Duration.ofSeconds(60));

        Watched frozen = watcher.watched();
        assertThat(frozen.link()).isEqualTo(Watched.Link.SILENT);
        assertThat(frozen.since()).isEqualTo(NOON);
        assertThat(frozen.problem()).isEqualTo("no answer");
        assertThat(frozen.runtimes()).hasSize(1);
        assertThat(source.questions).isEmpty(); // no second question is piled upon the first
        assertThatThrownBy(() -> watcher.restart("a", "orders").get()).hasMessageContaining("does not answer");

        answer(new Reporting("a"));
        assertThat(watcher.watched().link()).isEqualTo(Watched.Link.LIVE);
        assertThat(watcher.watched().problem()).isEmpty();
    }

    @Test
    void tellsWhatIsGoneFromWhatIsSilent() {
        answer(new Reporting("a"));
        clock.pass(Duration.ofSeconds(1));
        answer(events -> {
            throw new IOException("process 1 has ended");
        });
        assertThat(watcher.watched().link()).isEqualTo(Watched.Link.GONE);
        assertThat(watcher.watched().since()).isEqualTo(NOON);
        assertThat(watcher.watched().problem()).isEqualTo("process 1 has ended");

        answer(events -> {
            throw new InterruptedIOException("no answer");
        });
        assertThat(watcher.watched().link()).isEqualTo(Watched.Link.SILENT);

        answer(events -> List.of("{}"));
        assertThat(watcher.watched().problem()).isEqualTo("the answer is no report of a runtime");

        answer(events -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(watcher.watched().problem()).isEqualTo("a bug");

        answer(new Reporting("b"));
        assertThat(watcher.watched().link()).isEqualTo(Watched.Link.LIVE);
        assertThat(watcher.watched().runtimes().get(0).instance()).isEqualTo("b");
    }

    @Test
    void keepsTheEventsOfAnApplicationThatIsRestarted() throws Exception {
        answer(new Reporting("a").event(7, "READY", "orders", ""));
        assertThat(source.questions.take()).isEmpty();
        answer(new Reporting("a").event(7, "READY", "orders", "").event(8, "DIED", "orders", "x"));
        assertThat(source.questions.take()).containsExactly(Map.entry("a", 7L));
        answer(new Reporting("b").event(1, "STARTED", "orders", ""));

        assertThat(watcher.watched().events()).extracting(LiveEvent::type).containsExactly("READY", "DIED", "STARTED");
        source.questions.take();
        assertThat(source.questions.take()).containsExactly(Map.entry("b", 1L));
    }

    @Test
    void keepsTheLastThousandEvents() {
        for (int round = 0; round < 3; round++) {
            Reporting report = new Reporting("a");
            for (int i = 1; i <= 600; i++) {
                report.event(round * 600L + i, "READY", "orders", "");
            }
            answer(report);
        }
        assertThat(watcher.watched().events()).hasSize(WatchState.MAX_EVENTS);
        assertThat(watcher.watched().events().get(999).number()).isEqualTo(1_800);
    }

    @Test
    void restartsBetweenTwoReadsAndSaysWhyItIsRefused() {
        answer(new Reporting("a"));
        CompletableFuture<@Nullable Void> done = watcher.restart("a", "orders");
        CompletableFuture<@Nullable Void> refused = watcher.restart("a", "stopped");
        answer(new Reporting("a"));

        assertThat(done).succeedsWithin(Duration.ofMinutes(1));
        assertThat(refused)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .withMessageContaining("is stopped");
        assertThat(source.restarts).containsExactly("a orders");
    }

    @Test
    void aRestartThatHasWaitedTooLongIsNotDone() throws Exception {
        answer(new Reporting("a"));
        source.questions.take();
        source.questions.take(); // hangs
        CompletableFuture<@Nullable Void> late = watcher.restart("a", "orders");
        clock.pass(Duration.ofMinutes(10));
        answer(new Reporting("a"));

        assertThat(late)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .withMessageContaining("nothing was restarted");
        assertThat(source.restarts).isEmpty();
    }

    @Test
    void closesItsSourceAndRefusesRestartsThen() {
        answer(new Reporting("a"));
        CompletableFuture<@Nullable Void> waiting = watcher.restart("a", "orders");

        watcher.close();

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(source.closed).isTrue());
        assertThat(waiting).failsWithin(Duration.ofMinutes(1));
        assertThat(watcher.restart("a", "orders")).failsWithin(Duration.ofMinutes(1));
    }

    /** A read of 40 ms every four seconds: one per cent, of which the application itself works for a part. */
    @Test
    void readsALargeApplicationLessOften() {
        WatchState state = new WatchState(clock, Duration.ofSeconds(1));
        read(state, Duration.ofSeconds(5)); // the first one finds nothing compiled
        read(state, Duration.ofMillis(40));
        assertThat(state.pause()).isEqualTo(Duration.ofSeconds(4));
        read(state, Duration.ofMillis(1));
        assertThat(state.pause()).isEqualTo(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            read(state, Duration.ofSeconds(2));
        }
        assertThat(state.pause()).isEqualTo(Duration.ofSeconds(10));
    }

    private void read(WatchState state, Duration time) {
        state.begin();
        clock.pass(time);
        state.answered(List.of(), clock.instant());
    }
}
