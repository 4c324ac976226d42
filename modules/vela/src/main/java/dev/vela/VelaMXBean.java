package dev.vela;

/**
 * What tools see of a runtime, and what they may do. A runtime is registered with the platform's MBean server as
 * {@code dev.vela:type=Vela,name="NAME"}, followed by {@code ,id=2}, {@code ,id=3}, … if others have its name, from the
 * end of its build until its close: see {@link VelaBuilder#jmx}. {@link Vela#management} returns the same object.
 *
 * <p>Thread-safe. Never blocks on I/O. The numbers are those of a {@linkplain Vela#snapshot snapshot} that is at most
 * 100 ms old. After the close of the runtime there are no producers.
 *
 * <p>Texts of failures are shortened to 300 characters, and what looks like a secret in them is replaced by
 * {@code ***}. No setting of the client is shown.
 */
public interface VelaMXBean {

    /** The name of the runtime: see {@link VelaBuilder#name}. */
    String getName();

    /** An id that no other runtime has, of this process or another: the {@code instance} of {@link #report}. */
    String getInstance();

    /**
     * The {@linkplain Snapshot snapshot} as JSON: the object {@code snapshot} of {@link #report}. An operation, since
     * collectors read all attributes, and this may be megabytes.
     */
    String snapshotJson();

    /**
     * A JSON object with all that a tool shows of the runtime: the snapshot and the last events. The object is
     * described in {@code docs/live.md}; fields may be added to it.
     *
     * @param afterEvent the number of the last event that the caller has; 0 for all events that are kept, which are the
     *     last 1000. A number higher than that of the runtime's last event counts as 0: such a number comes from an
     *     earlier runtime of this name
     * @throws IllegalArgumentException if the number is negative
     */
    String report(long afterEvent);

    /** The number of official producers that the runtime should have, alive or not. */
    int getProducers();

    /** How many of these are not {@linkplain ProducerState#isAlive alive}: standbys are not. */
    int getProducersDown();

    /** Messages accepted and not answered, over all producers. */
    long getPendingMessages();

    /** The size of those messages in bytes. */
    long getPendingBytes();

    /** Whether {@link #restart} is allowed: see {@link VelaBuilder#remoteRestart}. False after the close of the runtime. */
    boolean isRestartAllowed();

    /**
     * Restarts the producers of one handle that are down, as {@link SupervisedProducer#restart} does. Does not wait for
     * them.
     *
     * @param name the name of the started producer in the runtime
     * @throws IllegalArgumentException if there is no producer of this name, as after the close of the runtime
     * @throws NullPointerException if the name is null
     * @throws IllegalStateException if restarts are not allowed, or if the producer has been stopped
     */
    void restart(String name);
}
