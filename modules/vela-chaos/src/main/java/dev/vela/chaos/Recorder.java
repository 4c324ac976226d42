package dev.vela.chaos;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** Records messages and their answers in a journal, and counts both. Thread-safe. */
final class Recorder {

    private final Journal journal;
    private final Function<Throwable, Answer.Kind> kinds;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();

    /**
     * Creates a recorder whose counts are zero.
     *
     * @param kinds maps a failure to the kind of its answer
     */
    Recorder(Journal journal, Function<Throwable, Answer.Kind> kinds) {
        this.journal = journal;
        this.kinds = kinds;
    }

    Journal journal() {
        return journal;
    }

    /** Records a message. Called before the message is sent. */
    void sent(Sent message) {
        journal.sent(message);
        sent.incrementAndGet();
    }

    /** Records the answer of a message. */
    void answered(MessageRef id, @Nullable MessageId receipt, @Nullable Throwable failure) {
        Answer answer = failure == null
                ? new Answer(Answer.Kind.STORED, System.currentTimeMillis(), place(receipt), null)
                : new Answer(kinds.apply(failure), System.currentTimeMillis(), null, cause(failure));
        journal.answered(id, answer);
        answered.incrementAndGet();
        if (answer.kind() == Answer.Kind.STORED) {
            stored.incrementAndGet();
        }
    }

    /**
     * Returns the place of the message according to its receipt; null if the broker had the message already, and so
     * does not tell.
     */
    static @Nullable String place(@Nullable MessageId id) {
        if (!(id instanceof MessageIdAdv place) || place.getLedgerId() < 0) {
            return null;
        }
        return place.getLedgerId() + ":" + place.getEntryId() + ":" + place.getBatchIndex();
    }

    private static String cause(Throwable failure) {
        StringBuilder names = new StringBuilder(failure.getClass().getSimpleName());
        Throwable cause = failure.getCause();
        if (cause != null) {
            names.append('/').append(cause.getClass().getSimpleName());
        }
        if (!(failure instanceof PulsarClientException)) {
            names.append(':').append(failure.getMessage());
        }
        return names.toString();
    }

    long sent() {
        return sent.get();
    }

    long answered() {
        return answered.get();
    }

    long stored() {
        return stored.get();
    }

    /** Returns the line of counts for the application's standard output. */
    String counts() {
        long open = sent.get() - answered.get();
        return "COUNTS " + sent.get() + ' ' + stored.get() + ' ' + open;
    }
}
