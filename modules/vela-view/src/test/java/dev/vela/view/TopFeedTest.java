package dev.vela.view;

import static dev.vela.view.Reporting.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TopFeedTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final SetTime time = new SetTime();
    private final ScriptedSource source = new ScriptedSource();
    private final TopFeed feed =
            new TopFeed(new Feed(source, new Marks(time), false, Duration.ofMillis(1), time, time::nanoTime));

    @AfterEach
    void close() {
        feed.close();
    }

    private void answer(ScriptedSource.Answer answer) {
        long version = feed.watched().version();
        source.answers.add(answer);
        await().atMost(LONG).until(() -> {
            awaitNextReadALittle();
            return feed.watched().version() > version;
        });
    }

    private void answer(Reporting report) {
        String json = report.json();
        answer(events -> List.of(json));
    }

    private void awaitNextReadALittle() {
        if (!source.hangs) {
            time.tick(Duration.ofMillis(100)); // until the next read is due
        }
    }

    private void awaitARead() {
        await().atMost(LONG).until(() -> {
            awaitNextReadALittle();
            return source.hangs;
        });
    }

    @Test
    void saysSinceWhenAFrozenApplicationDoesNotAnswerAndTakesItUpAgain() {
        answer(new Reporting("a"));
        awaitARead();
        time.pass(Duration.ofSeconds(2));
        assertThat(feed.watched().link()).isEqualTo(Watched.Link.LIVE);

        time.pass(Duration.ofSeconds(60));

        Watched frozen = feed.watched();
        assertThat(frozen.link()).isEqualTo(Watched.Link.SILENT);
        assertThat(frozen.since()).isEqualTo(NOON);
        assertThat(frozen.problem()).isEqualTo("the application does not answer");
        assertThat(frozen.runtimes()).hasSize(1);
        assertThat(source.questions).hasSize(2); // no second question is piled upon the first

        answer(new Reporting("a"));
        assertThat(feed.watched().link()).isEqualTo(Watched.Link.LIVE);
        assertThat(feed.watched().problem()).isEmpty();
    }

    @Test
    void tellsWhatIsGoneFromWhatIsSilent() {
        answer(new Reporting("a"));
        awaitARead();
        time.pass(Duration.ofSeconds(1));
        answer(events -> {
            throw new IOException("process 1 has ended");
        });
        assertThat(feed.watched().link()).isEqualTo(Watched.Link.GONE);
        assertThat(feed.watched().since()).isEqualTo(NOON);
        assertThat(feed.watched().problem()).isEqualTo("process 1 has ended");

        answer(events -> {
            throw new InterruptedIOException("no answer");
        });
        assertThat(feed.watched().link()).isEqualTo(Watched.Link.SILENT);

        answer(events -> List.of("{\"format\":1}"));
        assertThat(feed.watched().problem()).isEqualTo("the application's report has no instance");

        answer(events -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(feed.watched().problem()).isEqualTo("a bug");

        answer(new Reporting("b"));
        assertThat(feed.watched().link()).isEqualTo(Watched.Link.LIVE);
        assertThat(feed.watched().runtimes().get(0).instance()).isEqualTo("b");
    }

    @Test
    void keepsTheEventsOfAnApplicationThatIsRestarted() throws Exception {
        answer(new Reporting("a").event(7, "READY", "orders", ""));
        assertThat(source.questions.take()).isEmpty();
        answer(new Reporting("a").event(7, "READY", "orders", "").event(8, "DIED", "orders", "x"));
        assertThat(source.questions.take()).containsExactly(Map.entry("a", 7L));
        answer(new Reporting("b").event(1, "STARTED", "orders", ""));

        assertThat(feed.watched().events()).extracting(LiveEvent::type).containsExactly("READY", "DIED", "STARTED");
        source.questions.take();
        awaitARead();
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
        assertThat(feed.watched().events()).hasSize(TopFeed.MAX_EVENTS);
        assertThat(feed.watched().events().get(999).number()).isEqualTo(1_800);
    }

    @Test
    void tellsTheRatesFromOneReadToTheNext() {
        Reporting first = new Reporting("a");
        first.topic("orders", "READY").group("", "READY", 100, 0, 0, 0);
        answer(first);
        assertThat(feed.watched().runtimes().get(0).topics().get(0).rate()).isNaN();

        Reporting second = new Reporting("a").time(NOON.plusSeconds(2));
        second.topic("orders", "READY").group("", "READY", 300, 0, 0, 0);
        answer(second);
        assertThat(feed.watched().runtimes().get(0).topics().get(0).rate()).isEqualTo(100);
    }

    // ---- restarts

    @Test
    void restartsBetweenTwoReadsAndSaysWhyItIsRefused() {
        answer(new Reporting("a"));
        assertThat(answeredMeanwhile(feed.restart("a", "orders"))).succeedsWithin(LONG);
        assertThat(answeredMeanwhile(feed.restart("a", "stopped")))
                .failsWithin(LONG)
                .withThrowableThat()
                .withMessageContaining("is stopped");
        assertThat(source.restarts).containsExactly("a orders");
    }

    /** Answers each read until the restart is answered: one may be under way. */
    private CompletableFuture<@Nullable Void> answeredMeanwhile(CompletableFuture<@Nullable Void> restart) {
        await().atMost(LONG).until(() -> {
            if (source.hangs) {
                source.answers.add(events -> List.of(new Reporting("a").json()));
            }
            return restart.isDone();
        });
        return restart;
    }

    @Test
    void nothingIsAskedOfAnApplicationThatDoesNotAnswer() {
        answer(new Reporting("a"));
        awaitARead();
        CompletableFuture<@Nullable Void> waiting = feed.restart("a", "orders");
        answer(events -> {
            throw new IOException("process 1 has ended");
        });
        CompletableFuture<@Nullable Void> later = feed.restart("a", "orders");

        for (CompletableFuture<@Nullable Void> refused : List.of(waiting, later)) {
            assertThat(refused)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("process 1 has ended; nothing was restarted");
        }
        assertThat(source.restarts).isEmpty();
    }

    @Test
    void aRestartThatIsNotAnsweredMakesTheApplicationSilent() {
        answer(new Reporting("a"));
        feed.restart("a", "hangs");
        await().atMost(LONG).until(() -> {
            if (source.hangs && !source.restarting) {
                source.answers.add(events -> List.of(new Reporting("a").json())); // a read under way
            }
            return source.restarting;
        });

        time.pass(Duration.ofSeconds(4));

        assertThat(feed.watched().link()).isEqualTo(Watched.Link.SILENT);
    }

    @Test
    void closesItsSourceAndRefusesRestartsThen() {
        answer(new Reporting("a"));
        awaitARead();
        CompletableFuture<@Nullable Void> waiting = feed.restart("a", "orders");

        feed.close();

        assertThat(source.closed).isTrue();
        assertThat(waiting).failsWithin(LONG);
        assertThat(feed.restart("a", "orders")).failsWithin(LONG);
    }
}
