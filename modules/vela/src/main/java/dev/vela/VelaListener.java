package dev.vela;

/**
 * Notified of events in a runtime.
 *
 * <p>Called off the send path, one event at a time, in order, on a dedicated Vela thread. A listener may block: only
 * later events wait. Beyond 10,000 waiting events the newest are dropped, and a warning gives their number. Exceptions
 * from a listener are logged.
 */
@FunctionalInterface
public interface VelaListener {
    /** Called with each event. */
    void onEvent(VelaEvent event);
}
