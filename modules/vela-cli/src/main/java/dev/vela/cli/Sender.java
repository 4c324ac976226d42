package dev.vela.cli;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.jspecify.annotations.Nullable;

/**
 * Sends the lines of an input through a producer, and records the answers. One thread sends; any thread may stop the
 * sender. The producer's budget provides the backpressure.
 */
final class Sender {

    private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * The settings for sending.
     *
     * @param properties the properties of every message
     * @param messagesPerSecond the rate; infinity for no limit
     * @param timeout the timeout of every message; also the time for which all messages may fail before the sender
     *     gives up
     * @param run the id of the run in the mark of every message; null without verification
     */
    record Settings(
            Map<String, String> properties,
            double messagesPerSecond,
            Duration timeout,
            @Nullable String run) {}

    private final SupervisedProducer<byte[]> producer;
    private final LineSource lines;
    private final Settings settings;
    private final Tally tally;
    private final Reconciliation ledger;

    private final Pace pace;
    private final ReentrantLock sending = new ReentrantLock();
    private volatile boolean stopped;
    private long sent;

    Sender(
            SupervisedProducer<byte[]> producer,
            LineSource lines,
            Settings settings,
            Tally tally,
            Reconciliation ledger) {
        this.producer = producer;
        this.lines = lines;
        this.settings = settings;
        this.tally = tally;
        this.ledger = ledger;
        this.pace = new Pace(settings.messagesPerSecond());
    }

    /**
     * Sends everything, or until {@link #stop}. Returns when the last message has been accepted, not when it is
     * answered.
     *
     * @throws MalformedLineException at the first malformed line
     * @throws CommandFailedException if all messages fail, either for longer than the timeout or with no prospect of
     *     recovery
     */
    void sendAll() throws IOException {
        long start = System.nanoTime();
        for (InputLine line = lines.next(); line != null; line = lines.next()) {
            if (!awaitTurn(start) || !sendUnlessStopped(line)) {
                return;
            }
            requireHope(line);
        }
    }

    /** Gives up where everything fails, instead of trying the whole input. */
    private void requireHope(InputLine last) {
        Duration failing = tally.failingFor(System.nanoTime());
        if (failing.isZero()) {
            return;
        }
        HandleState state = producer.state();
        if (state == HandleState.DOWN || state == HandleState.FAILED) {
            throw new CommandFailedException(
                    "gave up after line " + last.number() + ": the producer is " + state, null);
        }
        if (failing.compareTo(settings.timeout()) > 0) {
            throw new CommandFailedException(
                    "gave up after line " + last.number() + ": every message has failed for "
                            + settings.timeout().toMillis() + " ms",
                    null);
        }
    }

    private boolean awaitTurn(long start) {
        while (!stopped) {
            long nanos = pace.waitNanos(sent, System.nanoTime() - start);
            if (nanos <= 0) {
                return true;
            }
            LockSupport.parkNanos(Math.min(nanos, LONGEST_NAP_NANOS));
        }
        return false;
    }

    private boolean sendUnlessStopped(InputLine line) {
        sending.lock();
        try {
            if (stopped) {
                return false;
            }
            send(line, Math.toIntExact(sent++));
            return true;
        } finally {
            sending.unlock();
        }
    }

    private void send(InputLine line, int index) {
        SupervisedMessageBuilder<byte[]> message =
                producer.newMessage().value(line.payload()).properties(settings.properties());
        message.timeout(settings.timeout());
        if (line.key() != null) {
            message.key(line.key());
        }
        if (line.eventTime() != InputLine.NO_EVENT_TIME) {
            message.eventTime(line.eventTime());
        }
        if (settings.run() != null) {
            long digest = Digest.of(line.key(), line.eventTime(), line.payload());
            message.property(Mark.PROPERTY, new Mark(settings.run(), index, digest).encoded());
        }
        long sentAt = System.nanoTime();
        tally.accepted(sentAt);
        message.sendAsync().whenComplete((receipt, failure) -> {
            if (failure == null) {
                published(index, sentAt, receipt);
            } else {
                failed(index, line.number(), failure);
            }
        });
    }

    private void published(int index, long sentAt, MessageId receipt) {
        ledger.published(index);
        int partition = receipt instanceof MessageIdAdv id ? id.getPartitionIndex() : -1;
        tally.published(partition, sentAt, System.nanoTime());
    }

    private void failed(int index, long line, Throwable failure) {
        Outcome outcome = Outcome.of(failure);
        if (outcome == Outcome.UNKNOWN) {
            ledger.unknown(index);
        }
        tally.failed(outcome, new Tally.Failure(line, failure), System.nanoTime());
    }

    /**
     * Stops sending. Waits until a message that is being given to the producer has been accepted, but no longer than
     * the limit.
     */
    void stop(Duration limit) throws InterruptedException {
        stopped = true;
        if (sending.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            sending.unlock();
        }
    }
}
