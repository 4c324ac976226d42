package dev.vela.chaos;

/** Follows runs as they happen. Thread-safe; nothing blocks. */
interface Audience {

    /** The publishing application is another process from now on. */
    void applicationStarted(ProcessHandle process);

    /**
     * A fault begins.
     *
     * @return to be run when the fault is over
     */
    Runnable faultBegins(FaultKind kind);

    /** Returns an audience that does nothing. */
    static Audience none() {
        return new Audience() {
            @Override
            public void applicationStarted(ProcessHandle process) {}

            @Override
            public Runnable faultBegins(FaultKind kind) {
                return () -> {};
            }
        };
    }
}
