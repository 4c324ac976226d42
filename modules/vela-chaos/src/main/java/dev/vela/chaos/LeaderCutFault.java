package dev.vela.chaos;

import java.util.concurrent.TimeUnit;

/**
 * The leader's network is cut, its rival leads, and the network heals while it does. At the end the one that was cut off is
 * started again by hand, and with fencing the rival goes.
 */
final class LeaderCutFault implements Fault {

    /** Longer than a candidate may be disconnected before it is replaced, were it not for its mode. */
    private static final int CUT_SECONDS = 7;

    private final Candidates candidates;
    private int leader = -1;

    LeaderCutFault(Candidates candidates) {
        this.candidates = candidates;
    }

    @Override
    public void begin() throws Exception {
        leader = candidates.awaitLeader();
        candidates.sever(leader);
        if (candidates.isFencing()) {
            candidates.open(1 - leader);
        }
        TimeUnit.SECONDS.sleep(CUT_SECONDS);
        candidates.heal();
    }

    @Override
    public void end() throws Exception {
        candidates.heal();
        if (leader >= 0) {
            candidates.restart(leader);
            if (candidates.isFencing()) {
                candidates.close(1 - leader);
            }
        }
    }
}
