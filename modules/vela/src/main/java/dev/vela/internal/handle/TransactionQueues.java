package dev.vela.internal.handle;

import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.internal.lane.OfferResult;
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
 * Where accepted messages of transactions wait until their transaction knows of the topic.
 *
 * <p>Thread-safe. Whoever routes may do so on any thread; waiting messages are handed on by the control thread alone.
 */
final class TransactionQueues {
    /*
     * Each transaction has a lobby of its own, since its coordinator may be frozen while the others' answer. A lobby is made
     * when a message finds that its topic is not registered yet, and dropped when it is empty and the topic is registered.
     *
     * Order: while a lobby is there, later messages look at it first. So it must not be dropped between a thread's look for
     * it and that thread's parking in it: the thread's next message would find no lobby, and overtake. Hence its count of
     * users. Example: thread A finds the lobby; the registration completes, the lobby is empty; A parks message 1. Had the
     * lobby been dropped meanwhile, message 2 of A would be routed at once, ahead of message 1.
     *
     * That a topic is registered does not say that the transaction is still open, so each message asks. It counts as one
     * that a commit waits for by then: so either it finds the transaction open, and what ends that waits for it, or it is
     * answered with a failure. One that came in after a commit would be seen by no reader, and keep all that is behind it
     * from them, too.
     */
    private final GroupHandle<?> group;
    private final Scheduler control;
    private final ReentrantLock lock = new ReentrantLock();
    private final IdentityHashMap<Transaction, Waiting> lobbies = new IdentityHashMap<>(); // guarded by lock

    TransactionQueues(GroupHandle<?> group, Scheduler control) {
        this.group = group;
        this.control = control;
    }

    /**
     * Hands on a message that was admitted, has it wait for its transaction, or answers it. Does not block, unless a thousand
     * requests to the transaction's coordinator have no answer yet: then the client waits for one, where the topic is not
     * registered.
     */
    void route(Transaction transaction, Send send) {
        Throwable closed = Transactions.whyClosed(transaction);
        if (closed != null) {
            group.turnAway(send, notTaken(closed));
            return;
        }
        Waiting waiting = find(transaction);
        if (waiting == null) {
            CompletableFuture<Void> registered = Transactions.registerTopic(transaction, group.getTopic());
            if (isSuccess(registered)) {
                group.route(send);
                return;
            }
            if (group.isDismissed()) { // the client may have had this thread wait for long, and nobody looks any more
                group.turnAway(send, group.stopped());
                return;
            }
            waiting = open(transaction, registered);
        }
        try {
            waiting.take(send);
        } finally {
            leave(waiting);
        }
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
            Waiting found = lobbies.get(transaction);
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
            Waiting found = lobbies.get(transaction);
            opened = found == null;
            waiting = found == null ? new Waiting(registered) : found;
            lobbies.put(transaction, waiting);
            waiting.users++;
        } finally {
            lock.unlock();
        }
        if (opened) {
            Waiting fresh = waiting;
            registered.whenComplete((done, failure) -> fresh.lobby.askForRound());
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

    /** Drops the lobbies that nothing waits in any more. */
    void prune() {
        lock.lock();
        try {
            lobbies.values().removeIf(Waiting::isOver);
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> all() {
        lock.lock();
        try {
            return lobbies.isEmpty() ? List.of() : new ArrayList<>(lobbies.values());
        } finally {
            lock.unlock();
        }
    }

    /** Messages waiting now. */
    int size() {
        return all().stream().mapToInt(waiting -> waiting.lobby.size()).sum();
    }

    /** Adds all that waits. */
    void unanswered(List<Send> into) {
        all().forEach(waiting -> waiting.lobby.unanswered(into));
    }

    /** Fails all that wait: the group is dismissed. On the control thread. */
    void failAll() {
        all().forEach(waiting -> waiting.lobby.failAll(group::stopped));
    }

    /** The messages of one transaction that wait, in order. */
    private final class Waiting implements WaitingQueue.Router {
        private final CompletableFuture<Void> registered;
        private final WaitingQueue lobby;
        private int users; // guarded by lock

        Waiting(CompletableFuture<Void> registered) {
            this.registered = registered;
            this.lobby = new WaitingQueue(control, this);
        }

        void take(Send send) {
            if (isSuccess(registered) && lobby.isEmpty()) {
                group.route(send);
            } else {
                lobby.park(send);
            }
        }

        boolean isOver() {
            return users == 0 && registered.isDone() && lobby.isEmpty();
        }

        /** Each message is parked before it asks for a round, so one that finds the group dismissed is answered. */
        @Override
        public boolean isOpen() {
            return registered.isDone() || group.isDismissed();
        }

        @Override
        public OfferResult admit(Send send) {
            if (!isSuccess(registered)) {
                return OfferResult.DOWN;
            }
            group.route(send);
            return OfferResult.TAKEN;
        }

        @Override
        public void handedOver() {
            group.handedOver();
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
