package dev.vela.chaos;

/** A fault that is ready to be injected. Confined to one thread. */
interface Fault {

    void begin() throws Exception;

    /** Repairs the effects of {@link #begin}, even if it was done only in part. May be called again if it throws. */
    void end() throws Exception;

    /** An action that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Returns a fault that one action starts and another action ends. */
    static Fault of(Action begin, Action end) {
        return new Fault() {
            @Override
            public void begin() throws Exception {
                begin.run();
            }

            @Override
            public void end() throws Exception {
                end.run();
            }
        };
    }
}
