package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.VelaMetrics;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;

/** What metrics are told of messages: once for an entry. */
class MetricsTest {
    private static final int SIZE = Messages.ofSize(10).sizeInBytes();

    @Test
    void anEntryOfManyMessagesIsToldOnce() {
        LaneRig rig = new LaneRig(Batching.defaults());
        ScriptedPublisher publisher = rig.attach();
        for (int i = 0; i < 100; i++) {
            rig.offered();
        }
        rig.lane.flush();
        rig.scheduler.runPending();
        rig.scheduler.advance(Duration.ofMillis(5));
        int entries = publisher.entries().size();
        publisher.acknowledgeAll();

        assertThat(rig.told).hasSize(entries);
        assertThat(rig.told.stream().mapToInt(MetricsTest::messages).sum()).isEqualTo(100);
        assertThat(rig.told).allMatch(told -> told.endsWith("after PT0.005S"));
    }

    private static int messages(String told) {
        return Integer.parseInt(told.substring(told.indexOf(' ') + 1, told.indexOf(" stored")));
    }

    @Test
    void aMessageThatTimedOutIsNotToldAgain() {
        LaneRig rig = new LaneRig();
        ScriptedPublisher publisher = rig.attach();
        rig.offered(Duration.ofSeconds(1));
        rig.offered();
        rig.scheduler.advance(Duration.ofSeconds(1));
        publisher.acknowledgeAll();

        assertThat(rig.told)
                .containsExactly(
                        "3: 1 UNKNOWN after PT1S, SendTimeoutException",
                        "3: 1 stored of " + SIZE + " bytes after PT1S");
    }

    @Test
    void aThreadThatWaitsIsNoReasonToTellTwiceOrUnderLocksOfTheClient() {
        List<Runnable> later = new ArrayList<>();
        LaneRig rig = new LaneRig();
        Completions completions = new Completions(later::add);
        Send send = rig.admitted(Messages.ofSize(10), LaneRig.TIMEOUT, true);
        new Answer(send)
                .last(null, new PulsarClientException("no"), rig.counters)
                .give(completions);

        assertThat(send).isCompletedExceptionally();
        assertThat(rig.told).isEmpty();
        later.forEach(Runnable::run);
        assertThat(rig.told).containsExactly("3: 1 UNKNOWN after PT0S, PulsarClientException");
    }

    @Test
    void whatASuccessorGetsIsReplayed() {
        LaneRig rig = LaneRig.replaying(null);
        ScriptedPublisher first = rig.attach();
        rig.offered();
        first.closeAsync();
        rig.lane.suspend("died", new PulsarClientException.AlreadyClosedException("closed"));
        ScriptedPublisher second = rig.attach();
        second.acknowledgeAll();

        assertThat(rig.told).containsExactly("3: 1 replayed", "3: 1 stored of " + SIZE + " bytes after PT0S");
    }

    @Test
    void metricsThatThrowDisturbNobody() {
        List<String> told = new ArrayList<>();
        VelaMetrics broken = (name, topic) -> {
            throw new IllegalStateException("of");
        };
        VelaMetrics throwing = (name, topic) -> new VelaMetrics.Messages() {
            @Override
            public void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {
                throw new IllegalStateException("failed");
            }
        };
        LaneRig rig = new LaneRig();
        LaneCounters counters = new LaneCounters(
                -1,
                HandleMetrics.of(
                        List.of(broken, throwing, (name, topic) -> new ToldMetrics(told)),
                        "orders",
                        "orders",
                        rig.scheduler));
        Send send = rig.admitted();
        rig.completions.fail(send, new PulsarClientException("no"), counters);

        assertThat(send).isCompletedExceptionally();
        assertThat(told).hasSize(1);
        assertThat(counters.failedMessages()).isEqualTo(1);
    }
}
