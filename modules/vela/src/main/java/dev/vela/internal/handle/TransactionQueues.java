package dev.vela.internal.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.QueueRouter;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Transactions;
import dev.vela.internal.scheduling.Scheduler;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The queues in which accepted messages of transactions wait until their transaction knows of the topic.
 *
 * <p>Thread-safe. Any thread may offer messages; the control thread alone hands on waiting messages.
 */
final class TransactionQueues {
    /*
     * Each transaction has a queue of its own, since its coordinator may be frozen while other coordinators answer. A
     * queue is created when a message finds that its topic is not registered yet, and dropped when it is empty and the
     * topic is registered.
     *
     * Order: while a queue exists, later messages check it first. So a queue must not be dropped between the moment
     * when a thread finds it and the moment when that thread adds a message to it: the thread's next message would find
     * no queue, and overtake. The queue's count of users prevents this. Example: thread A finds the queue; the
     * registration completes, the queue is empty; A adds message 1. Had the queue been dropped meanwhile, message 2 of
     * A would be routed at once, ahead of message 1.
     *
     * A registered topic does not mean that the transaction is still open, so each message checks. A commit already
     * waits for the message by then. So either the message finds the transaction open, and the end of the transaction
     * waits for the message, or the message is answered with a failure. No reader would see a message that came in
     * after a commit, nor anything behind that message.
     */
    private final GroupHandle<?> group;
    private final Scheduler control;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final IdentityHashMap<Transaction, Waiting> queues = new IdentityHashMap<>();

    TransactionQueues(GroupHandle<?> group, Scheduler control) {
        this.group = group;
        this.control = control;
    }

    /**
     * Offers an admitted message to the group, or queues it until its transaction knows of the topic. Does not block,
     * unless the topic is not registered and a thousand requests to the transaction's coordinator have no answer yet:
     * then the client waits for an answer.
     */
    OfferResult offer(Transaction transaction, Send send) {
        Throwable closed = Transactions.whyClosed(transaction);
        if (closed != null) {
            return failed(send, notTaken(closed));
        }
        Waiting waiting = find(transaction);
        if (waiting == null) {
            CompletableFuture<Void> registered = Transactions.registerTopic(transaction, group.getTopic());
            if (isSuccess(registered)) {
                return group.offer(send);
            }
            if (group.isDismissed()) { // the client may have blocked this thread for long, and no drain follows
                return failed(send, group.stopped());
            }
            waiting = open(transaction, registered);
        }
        try {
            return waiting.offerInTurn(send);
        } finally {
            leave(waiting);
        }
    }

    private OfferResult failed(Send send, Throwable cause) {
        group.queue().fail(send, cause);
        return OfferResult.TAKEN;
    }

    private static SendFailedException notTaken(Throwable cause) {
        return new SendFailedException(
                "the transaction did not take the message: " + cause.getMessage(), Outcome.NOT_SENT, cause);
    }

    private static boolean isSuccess(CompletableFuture<Void> registered) {
        return registered.isDone() && !registered.isCompletedExceptionally();
    }

    private @Nullable Waiting find(Transaction transaction) {
        lock.lock();
        try {
            Waiting found = queues.get(transaction);
            if (found != null) {
                found.users++;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private Waiting open(Transaction transaction, CompletableFuture<Void> registered) {
        Waiting waiting;
        boolean opened;
        lock.lock();
        try {
            Waiting found = queues.get(transaction);
            opened = found == null;
            waiting = found == null ? new Waiting(registered) : found;
            queues.put(transaction, waiting);
            waiting.users++;
        } finally {
            lock.unlock();
        }
        if (opened) {
            Waiting fresh = waiting;
            registered.whenComplete((done, failure) -> fresh.queue.scheduleDrain());
        }
        return waiting;
    }

    private void leave(Waiting waiting) {
        lock.lock();
        try {
            waiting.users--;
        } finally {
            lock.unlock();
        }
    }

    /** Drops the queues in which no message waits any more. */
    void prune() {
        lock.lock();
        try {
            queues.values().removeIf(Waiting::isOver);
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> all() {
        lock.lock();
        try {
            return queues.isEmpty() ? List.of() : new ArrayList<>(queues.values());
        } finally {
            lock.unlock();
        }
    }

    /** The number of messages that wait now. */
    int size() {
        return all().stream().mapToInt(waiting -> waiting.queue.size()).sum();
    }

    /** Fails all waiting messages: the group is dismissed. On the control thread. */
    void failAll() {
        control.assertCurrent();
        all().forEach(waiting -> waiting.queue.failAll(group::toldStopped));
    }

    /** The waiting messages of one transaction, in order. */
    private final class Waiting implements QueueRouter {
        private final CompletableFuture<Void> registered;
        private final WaitingQueue queue;

        private int users; // guarded by the lock of the queues

        Waiting(CompletableFuture<Void> registered) {
            this.registered = registered;
            this.queue = new WaitingQueue(control, this);
        }

        OfferResult offerInTurn(Send send) {
            if (isSuccess(registered) && queue.isEmpty()) {
                return group.offer(send);
            }
            queue.add(send, OfferResult.HELD);
            return OfferResult.TAKEN;
        }

        boolean isOver() {
            return users == 0 && registered.isDone() && queue.isEmpty();
        }

        /** Each addition schedules a drain afterwards, so a message added after the group was dismissed is failed. */
        @Override
        public boolean isOpen() {
            return registered.isDone() || group.isDismissed();
        }

        @Override
        public OfferResult offer(Send send) {
            if (!isSuccess(registered)) {
                return OfferResult.DOWN;
            }
            send.waitIn(null); // from here on the group is responsible for it
            OfferResult result = group.offer(send);
            if (result != OfferResult.TAKEN) {
                group.queue().add(send, result);
            }
            return OfferResult.TAKEN;
        }

        @Override
        public void drained() {
            group.drained();
        }

        @Override
        public @Nullable Throwable refusal(Send send) {
            Throwable cause = Failures.of(registered);
            return cause == null ? group.stopped() : notTaken(cause);
        }

        @Override
        public Throwable expired(Send send) {
            return new SendFailedException(
                    "the transaction's coordinator did not answer within the message's timeout",
                    Outcome.NOT_SENT,
                    null);
        }

        @Override
        public void failed(Send send, Throwable cause) {
            group.failed(send, cause);
        }
    }
}
