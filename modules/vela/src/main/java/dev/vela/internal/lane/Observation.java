package dev.vela.internal.lane;

import dev.vela.SendCallback;
import dev.vela.SendObserver;
import dev.vela.SupervisedProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the application's observers are told of one message, and the callback that comes after them.
 *
 * <p>Thread-safe. Calls out, so call it with no lock held.
 */
public final class Observation implements SendCallback {
    private static final Logger log = LoggerFactory.getLogger(Observation.class);

    /** What the observers were told last. */
    private enum Told {
        STARTED,
        WAITING,
        HANDED,
        DIED,
        ANSWERED
    }

    private final List<Following<?>> followers = new ArrayList<>(); // does not change once it is constructed
    private final AtomicReference<Told> told = new AtomicReference<>(Told.STARTED);
    private @Nullable SendCallback next; // set before the message is shared
    private final AtomicInteger attempts = new AtomicInteger();

    /** An observer, and what it wants to know of the message. */
    private record Following<C>(SendObserver<C> observer, C context) {}

    private Observation() {}

    /** Tells the observers that a message is being sent. Returns null if none of them follows it. */
    public static @Nullable Observation start(
            List<SendObserver<?>> observers, SupervisedProducer<?> producer, SendObserver.Properties properties) {
        if (observers.isEmpty()) {
            return null;
        }
        Observation started = new Observation();
        observers.forEach(observer -> started.follow(observer, producer, properties));
        return started.followers.isEmpty() ? null : started;
    }

    private <C> void follow(
            SendObserver<C> observer, SupervisedProducer<?> producer, SendObserver.Properties properties) {
        guard(() -> {
            C context = observer.started(producer, properties);
            if (context != null) {
                followers.add(new Following<>(observer, context));
            }
        });
    }

    /** Has the given callback, if any, be called after the observers. */
    public Observation before(@Nullable SendCallback callback) {
        next = callback;
        return this;
    }

    /** No producer takes it now. */
    void waiting() {
        Told last = told.get();
        if (last != Told.WAITING && last != Told.ANSWERED && told.compareAndSet(last, Told.WAITING)) {
            followers.forEach(Observation::tellWaiting);
        }
    }

    private static <C> void tellWaiting(Following<C> to) {
        guard(() -> to.observer.waiting(to.context));
    }

    /** A producer has it. */
    void handed(String producer, int partition, long sequenceId) {
        Told last = told.get();
        if (last != Told.ANSWERED && told.compareAndSet(last, Told.HANDED)) {
            SendObserver.Attempt attempt =
                    new SendObserver.Attempt(producer, partition, sequenceId, attempts.incrementAndGet());
            followers.forEach(to -> tellHanded(to, attempt));
        }
    }

    private static <C> void tellHanded(Following<C> to, SendObserver.Attempt attempt) {
        guard(() -> to.observer.handed(to.context, attempt));
    }

    /** The producer that had it died, and the successor will get it. */
    void died(String producer, @Nullable Throwable cause) {
        if (told.compareAndSet(Told.HANDED, Told.DIED)) {
            followers.forEach(to -> tellDied(to, producer, cause));
        }
    }

    private static <C> void tellDied(Following<C> to, String producer, @Nullable Throwable cause) {
        guard(() -> to.observer.died(to.context, producer, cause));
    }

    /** Tells the observers the answer, then the callback that comes after them. */
    @Override
    public void onAnswer(@Nullable MessageId receipt, @Nullable Throwable failure) {
        if (told.getAndSet(Told.ANSWERED) != Told.ANSWERED) {
            followers.forEach(to -> tellAnswered(to, receipt, failure));
        }
        if (next != null) {
            CallbackSend.tell(next, receipt, failure);
        }
    }

    private static <C> void tellAnswered(Following<C> to, @Nullable MessageId receipt, @Nullable Throwable failure) {
        guard(() -> to.observer.answered(to.context, receipt, failure));
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // no observer may keep a message from its way
            log.warn("An observer of messages threw", e);
        }
    }
}
