package dev.vela.chaos;

import java.time.Duration;

/** One thing that an application does all the time, on threads of its own. Thread-safe. */
interface Workload {

    void start();

    /** Starts what an operator may do to it, while that lasts. */
    default void begin(ApplicationFault applicationFault) {}

    /** Ends that. */
    default void end(ApplicationFault applicationFault) {}

    /** Sends nothing more, and waits for its threads that long. */
    void stop(Duration limit) throws InterruptedException;

    /** What is held for messages that were not answered. */
    default long held() {
        return 0;
    }

    /** Closes what it has opened. */
    default void close() {}

    /** What is left of it after that: producers, consumers, timers and threads. */
    default long leftBehind() {
        return 0;
    }
}
