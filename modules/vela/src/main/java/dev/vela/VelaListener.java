package dev.vela;

/**
 * Told of what happens in a runtime.
 *
 * <p>Called off the send path, one event at a time, in order, on a thread that Vela keeps for this. A listener may block:
 * only later events wait. Past 10,000 that wait the newest are dropped, and a warning counts them. What it throws is
 * logged.
 */
@FunctionalInterface
public interface VelaListener {
    /** Called with each event. */
    void onEvent(VelaEvent event);
}
