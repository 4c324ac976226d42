package dev.vela.chaos;

import java.util.concurrent.TimeUnit;

/**
 * Cuts the leader's network, so that its rival leads, and heals the network while the rival leads. At the end the
 * former leader is restarted by hand, and with fencing the rival is closed.
 */
final class LeaderCutFault implements Fault {

    /**
     * Longer than a candidate's maximum disconnected time, after which its producer would be replaced in another mode.
     */
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
