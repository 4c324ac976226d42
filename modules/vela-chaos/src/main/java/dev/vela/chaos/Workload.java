package dev.vela.chaos;

import java.time.Duration;

/** A continuous activity of the application, on separate threads. Thread-safe. */
interface Workload {

    void start();

    /** Starts a fault of the application. */
    default void begin(ApplicationFault applicationFault) {}

    /** Ends a fault of the application. */
    default void end(ApplicationFault applicationFault) {}

    /** Stops sending, and waits for the workload's threads, up to the limit. */
    void stop(Duration limit) throws InterruptedException;

    /** Returns the amount held for unanswered messages. */
    default long held() {
        return 0;
    }

    /** Closes the resources that the workload has opened. */
    default void close() {}

    /** Returns the number of producers, consumers, timers and threads that are left after the close. */
    default long leftBehind() {
        return 0;
    }
}
