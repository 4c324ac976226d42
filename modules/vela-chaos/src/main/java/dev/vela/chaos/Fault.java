package dev.vela.chaos;

/** One fault, ready to be done. Confined to one thread. */
interface Fault {

    void begin() throws Exception;

    /** Puts right what {@link #begin} did, all or part of it. May be called again if it throws. */
    void end() throws Exception;

    /** An action that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** One that is begun by one action and ended by another. */
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
