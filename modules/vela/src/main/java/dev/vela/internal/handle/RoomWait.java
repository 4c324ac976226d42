package dev.vela.internal.handle;

import dev.vela.BudgetExceededException;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wait for room in the budgets: the only place where a caller blocks for room.
 *
 * <p>Thread-safe. A message whose caller waits is not accepted meanwhile: no flush and no stop waits for it.
 */
final class RoomWait {
    /*
     * A budget signals room only below its mark, and nothing signals here that a partition has come up, so a waiting
     * thread also checks by itself: otherwise messages that stay pending above the mark would keep out messages that
     * there is room for.
     */
    private static final long NOT_YET = Long.MIN_VALUE;
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

    private final Budget runtime;
    private final RoomSignal own;
    private final Scheduler clock;
    private final Supplier<@Nullable String> noWait;
    private final LongConsumer waited;

    /**
     * Creates the wait of a handle's callers.
     *
     * @param runtime the budget that all handles share
     * @param own signals room in the other budgets on the path
     * @param noWait the reason why a message must not wait, or not any longer, or null; asked repeatedly
     * @param waited told how long a caller waited, in nanoseconds, when the wait is over
     */
    RoomWait(Budget runtime, RoomSignal own, Scheduler clock, Supplier<@Nullable String> noWait, LongConsumer waited) {
        this.runtime = runtime;
        this.own = own;
        this.clock = clock;
        this.noWait = noWait;
        this.waited = waited;
    }

    /**
     * Offers a message until there is room for it.
     *
     * @throws BudgetExceededException if there is no room, or none in time; nothing is held then
     * @throws InterruptedException if interrupted while waiting; nothing is held then
     */
    OfferResult offer(Send send, Function<Send, OfferResult> path)
            throws BudgetExceededException, InterruptedException {
        OfferResult result = path.apply(send);
        long begun = NOT_YET;
        try {
            while (result == OfferResult.NO_ROOM) {
                boolean isOfRuntime = !runtime.hasRoom(send.size());
                Object full = isOfRuntime ? runtime : runtime.isShared() ? runtime.share() : "the producer's budget";
                String reason = noWait.get();
                if (reason != null) {
                    throw new BudgetExceededException(full + " is full, and " + reason);
                }
                long now = clock.nanoTime();
                begun = begun == NOT_YET ? now : begun;
                long left = send.deadline() - now;
                if (left <= 0) {
                    throw new BudgetExceededException(full + " stayed full for the message's whole timeout");
                }
                RoomSignal room = isOfRuntime ? runtime.room() : own;
                long ticket = room.enter();
                try {
                    result = path.apply(send); // there may be room by now, and its signal would not be repeated
                    if (result == OfferResult.NO_ROOM) {
                        room.await(ticket, Math.min(left, LOOK_AGAIN_NANOS));
                    }
                } finally {
                    room.leave();
                }
            }
            return result;
        } finally {
            if (begun != NOT_YET) {
                waited.accept(clock.nanoTime() - begun);
            }
        }
    }
}
