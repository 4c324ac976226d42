package dev.vela;

/** Stub. */
public interface VelaMXBean {
    String getName();

    String report(long afterEvent);

    boolean isRestartAllowed();

    void restart(String name);
}
