package dev.vela.internal.lane;

/** Room, for tests of other packages. */
public final class BudgetAccess {
    private BudgetAccess() {}

    public static boolean tryAcquire(Budget budget, int messages, long bytes) {
        return budget.tryAcquire(messages, bytes);
    }

    public static void release(Budget budget, int messages, long bytes) {
        budget.release(messages, bytes);
    }

    public static boolean release(Send send) {
        return send.release();
    }
}
