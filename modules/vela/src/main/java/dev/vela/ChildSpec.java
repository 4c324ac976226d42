package dev.vela;

import dev.vela.internal.checks.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * How a supervisor starts, restarts and stops one of its children.
 *
 * <p>Immutable: each {@code with…} method returns a changed copy. A specification may be started under several
 * supervisors, or several times; each start asks its {@link Starter} for a new {@link Child}.
 */
public final class ChildSpec {

    private static final Duration DEFAULT_SHUTDOWN = Duration.ofSeconds(10);

    private final String id;
    private final Starter starter;
    private final Restart restart;
    private final Duration shutdown;

    private ChildSpec(String id, Starter starter, Restart restart, Duration shutdown) {
        this.id = Checks.notBlank("id", id);
        this.starter = Objects.requireNonNull(starter, "starter");
        this.restart = Objects.requireNonNull(restart, "restart");
        this.shutdown = Checks.notNegative("shutdown", shutdown);
    }

    /**
     * Describes a permanent child that has 10 seconds to stop.
     *
     * @param id the child's name, unique among the children of one supervisor
     * @param starter starts the child, and restarts it
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code id} is blank
     */
    public static ChildSpec of(String id, Starter starter) {
        return new ChildSpec(id, starter, Restart.PERMANENT, DEFAULT_SHUTDOWN);
    }

    /** The child's name, unique among the children of one supervisor. */
    public String id() {
        return id;
    }

    /** The function that starts the child, and restarts it. */
    public Starter starter() {
        return starter;
    }

    /** When the child is restarted; {@link Restart#PERMANENT} by default. */
    public Restart restart() {
        return restart;
    }

    /** How long the child may take to stop before it is killed; 10 seconds by default. Zero kills it at once. */
    public Duration shutdown() {
        return shutdown;
    }

    /**
     * This specification with another id.
     *
     * @throws NullPointerException if {@code id} is null
     * @throws IllegalArgumentException if {@code id} is blank
     */
    public ChildSpec withId(String id) {
        return new ChildSpec(id, starter, restart, shutdown);
    }

    /**
     * This specification with another restart type.
     *
     * @throws NullPointerException if {@code restart} is null
     */
    public ChildSpec withRestart(Restart restart) {
        return new ChildSpec(id, starter, restart, shutdown);
    }

    /**
     * This specification with another time to stop.
     *
     * @throws NullPointerException if {@code shutdown} is null
     * @throws IllegalArgumentException if {@code shutdown} is negative or longer than 100 years
     */
    public ChildSpec withShutdown(Duration shutdown) {
        return new ChildSpec(id, starter, restart, shutdown);
    }

    @Override
    public String toString() {
        return "ChildSpec[id=" + id + ", restart=" + restart + ", shutdown=" + shutdown + "]";
    }

    /** When a child that has ended is started again. A start that failed counts as an abnormal exit. */
    public enum Restart {
        /** Always. */
        PERMANENT,
        /** Only after an abnormal exit; after a normal exit the child is removed. */
        TRANSIENT,
        /** Never: the child is removed, however it ended. */
        TEMPORARY
    }

    /** Starts a child: called once for its first life, and once more for every restart. */
    @FunctionalInterface
    public interface Starter {

        /**
         * Starts a new child.
         *
         * <p>Called on the supervisor's control thread: it must not block. The stage may complete on any thread. An
         * exception, a failed stage and a null all mean that the start failed. A child that arrives when it is no
         * longer wanted is killed at once, possibly on the thread that completed the stage.
         */
        CompletionStage<? extends Child> start();
    }

    /** One life of a child, from its start to its exit. Its methods neither block nor throw. */
    public interface Child {

        /**
         * The end of this child: completes normally after a normal exit, and exceptionally with the cause after any
         * other exit. The stage may complete on any thread, and always yields the same outcome.
         */
        CompletionStage<Void> exit();

        /**
         * Asks for an orderly stop within the deadline, and returns at once. Idempotent.
         *
         * @param deadline how long the child may take; {@link #kill()} is called afterwards
         */
        void stop(Duration deadline);

        /** Ends this child at once, losing its work in progress, and returns without waiting. Idempotent. */
        void kill();
    }
}
