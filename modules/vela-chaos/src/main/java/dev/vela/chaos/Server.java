package dev.vela.chaos;

/** One process of the cluster. */
interface Server {
    /** What it is called in reports. */
    String name();

    void kill();

    /** Starts it again after it was killed, and waits until it is of use. */
    void start();

    void freeze();

    void thaw();
}
