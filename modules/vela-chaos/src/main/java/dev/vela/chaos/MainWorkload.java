package dev.vela.chaos;

import dev.vela.chaos.Publisher.Destination;
import dev.vela.chaos.Publisher.Outgoing;
import dev.vela.chaos.Publisher.Way;
import dev.vela.chaos.Sent.Nature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Threads that send, and record the messages and their answers. Two threads send to the main topic with keys that they
 * share, and one without keys. One thread sends both kinds to the side topic, and one to the topic without partitions.
 *
 * <p>Thread-safe.
 */
final class MainWorkload implements Workload {

    static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(20);

    private static final int THREADS = 5;
    private static final int UNKEYED = 2;
    private static final int SIDE = 3; // the senders before it send to the main topic
    private static final int SINGLE = 4;

    /** The share of all messages that goes to the main topic. */
    static final double MAIN_SHARE = (double) SIDE / THREADS;

    /** The share of all messages that goes to the side topic. */
    static final double SIDE_SHARE = 1.0 / THREADS;

    private static final int CALLBACKS = 9;
    private static final int KEYS = 17; // shares no factor with the other periods of a message's number
    private static final int MIXED = 7; // likewise
    private static final int PAYLOAD_BYTES = 100;
    private static final int FLOOD_PAYLOAD_BYTES = 4_000;
    private static final int MOST_PER_FLOOD = 10_000;
    private static final int OVERSIZE_PAYLOAD_BYTES = 2 * Site.MAX_MESSAGE_BYTES;
    private static final int CHUNKED_PAYLOAD_BYTES = 35_000;
    private static final int CHUNKED_ONE_IN = 25;
    private static final int LIMIT_ONE_IN = 151;

    /** The distances of payloads from the broker's limit, which includes the overhead, too. */
    private static final int[] FROM_LIMIT = {-20, -12_000, 1, -60, -150, -1, 0, -300, 10_000, -100};

    private static final int ONE_IN = 20;
    private static final int OVERSIZE_ONE_IN = 100;
    private static final int OVERSIZE_IN_CHUNKS_ONE_IN = 500;
    private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long BLOCK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ApplicationSettings settings;
    private final Publisher publisher;
    private final Recorder recorder;
    private final Set<ApplicationFault> applicationFaults =
            Collections.synchronizedSet(EnumSet.noneOf(ApplicationFault.class));
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger callbackNumbers = new AtomicInteger();
    private final AtomicInteger floodLeft = new AtomicInteger();
    private final AtomicLong nextBlock = new AtomicLong(System.nanoTime());

    private volatile boolean stopped;

    MainWorkload(ApplicationSettings settings, Publisher publisher, Recorder recorder) {
        this.settings = settings;
        this.publisher = publisher;
        this.recorder = recorder;
    }

    @Override
    public void start() {
        for (int i = 0; i < THREADS; i++) {
            int sender = i;
            Thread thread = new Thread(() -> run(sender), "chaos-sender-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    @Override
    public void begin(ApplicationFault applicationFault) {
        if (applicationFault == ApplicationFault.FLOOD) {
            floodLeft.set(MOST_PER_FLOOD);
        }
        applicationFaults.add(applicationFault);
    }

    @Override
    public void end(ApplicationFault applicationFault) {
        applicationFaults.remove(applicationFault);
    }

    private void run(int sender) {
        long period = TimeUnit.SECONDS.toNanos(1) * THREADS / settings.setup().perSecond();
        long due = System.nanoTime();
        for (int number = 0; !stopped; number++) {
            boolean flooding = applicationFaults.contains(ApplicationFault.FLOOD) && floodLeft.getAndDecrement() > 0;
            long wait = due - System.nanoTime();
            if (wait > 0 && !flooding) {
                LockSupport.parkNanos(wait);
                if (stopped) {
                    return;
                }
            }
            // A thread neither catches up after a wait for room, nor pauses after a flood.
            long now = System.nanoTime();
            due = Math.min(Math.max(due + period, now - period), now + period);
            send(sender, number, flooding);
        }
    }

    private void send(int sender, int number, boolean flooding) {
        boolean poisoned = applicationFaults.contains(ApplicationFault.POISON) && number % ONE_IN == 0;
        Destination to = destination(sender);
        boolean keyed = to == Destination.MAIN ? sender != UNKEYED : number % MIXED < MIXED / 2;
        MessageRef id = new MessageRef(settings.life(), sender, number);
        String key = keyed ? "k" + number % KEYS : null;
        int bytes = bytes(to, sender, number, flooding);
        send(new Outgoing(id, to, key, bytes, timeout(number), way(sender, number), poisoned), true);
    }

    private int bytes(Destination to, int sender, int number, boolean flooding) {
        boolean chunking = settings.setup().has(Dimension.CHUNKING);
        if (applicationFaults.contains(ApplicationFault.OVERSIZE)
                && number % (chunking ? OVERSIZE_IN_CHUNKS_ONE_IN : OVERSIZE_ONE_IN) == 0) {
            return OVERSIZE_PAYLOAD_BYTES;
        }
        boolean mayBeLarge = to != Destination.SIDE;
        if (mayBeLarge
                && settings.setup().has(Dimension.SIZE_LIMIT)
                && sender >= UNKEYED
                && number % LIMIT_ONE_IN == 1) {
            return Site.MAX_MESSAGE_BYTES + FROM_LIMIT[number / LIMIT_ONE_IN % FROM_LIMIT.length];
        }
        if (mayBeLarge && chunking && number % CHUNKED_ONE_IN == 2) {
            return CHUNKED_PAYLOAD_BYTES;
        }
        return flooding ? FLOOD_PAYLOAD_BYTES : PAYLOAD_BYTES;
    }

    private boolean isCut(int bytes) {
        return settings.setup().has(Dimension.CHUNKING) && bytes > ApplicationSettings.CHUNK_BYTES;
    }

    private static Destination destination(int sender) {
        return switch (sender) {
            case SIDE -> Destination.SIDE;
            case SINGLE -> Destination.SINGLE;
            default -> Destination.MAIN;
        };
    }

    private static Duration timeout(int number) {
        return switch (number % 3) {
            case 0 -> LONGEST_TIMEOUT.dividedBy(4);
            case 1 -> LONGEST_TIMEOUT.dividedBy(2);
            default -> LONGEST_TIMEOUT;
        };
    }

    private static Way way(int sender, int number) {
        if ((sender == UNKEYED || sender == SINGLE) && number % (ONE_IN * 2) == 1) {
            return Way.BLOCKING;
        }
        return number % 2 == 0 ? Way.FUTURE : Way.CALLBACK;
    }

    private void send(Outgoing message, boolean ordered) {
        recorder.sent(new Sent(
                message.id(),
                settings.topic(message.to()),
                message.key(),
                ordered,
                System.currentTimeMillis(),
                message.timeout().toMillis(),
                isCut(message.bytes()) ? Nature.CHUNKED : Nature.ORDINARY));
        publisher.send(message, (receipt, failure) -> answered(message, receipt, failure));
    }

    private void answered(Outgoing message, @Nullable MessageId receipt, @Nullable Throwable failure) {
        recorder.answered(message.id(), receipt, failure);
        if (message.way() != Way.BLOCKING && message.id().sender() != CALLBACKS) {
            misbehave(message);
        }
    }

    /** Misbehaves as applications do in their callbacks, which a client should survive. */
    private void misbehave(Outgoing message) {
        MessageRef id = message.id();
        if (applicationFaults.contains(ApplicationFault.CALLBACKS_SEND) && id.number() % ONE_IN == 0) {
            MessageRef again = new MessageRef(id.life(), CALLBACKS, callbackNumbers.getAndIncrement());
            send(
                    new Outgoing(again, message.to(), message.key(), PAYLOAD_BYTES, LONGEST_TIMEOUT, Way.FUTURE, false),
                    false);
        }
        if (applicationFaults.contains(ApplicationFault.CALLBACKS_BLOCK)) {
            long now = System.nanoTime();
            long next = nextBlock.get();
            if (now - next >= 0 && nextBlock.compareAndSet(next, now + BLOCK_EVERY_NANOS)) {
                LockSupport.parkNanos(BLOCK_NANOS);
            }
        }
        if (applicationFaults.contains(ApplicationFault.CALLBACKS_THROW) && id.number() % ONE_IN == 0) {
            throw new IllegalStateException("thrown by a callback on purpose");
        }
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
        stopped = true;
        long end = System.nanoTime() + limit.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            thread.interrupt();
        }
    }
}
