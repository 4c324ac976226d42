package dev.vela;

/**
 * What a runtime tells a metrics system: see {@link VelaBuilder#metrics}. {@code vela-micrometer} and
 * {@code vela-opentelemetry} have implementations.
 *
 * <p>It is told of entries, not of messages: a thousand messages in a batch cost one call. It is a listener of events,
 * too; and what changes without an event, such as the number of pending messages, is in {@link Vela#snapshot}, which
 * {@link #bind} makes known.
 *
 * <p>Must be thread-safe. What a method throws is logged, and otherwise ignored, except where it says something else.
 */
public interface VelaMetrics extends VelaListener {
    /**
     * Called once, on the thread that builds the runtime, before there is any producer. The build fails with what this
     * throws.
     */
    default void bind(Vela vela) {}

    /**
     * What is to be told of the messages of a producer that is about to be started. May be called more than once for a
     * name, at the same time, too: for a producer that is started again while its predecessor of that name still ends.
     *
     * @param name its name in the runtime
     * @param topic its topic, as it was given
     */
    Messages of(String name, String topic);

    @Override
    default void onEvent(VelaEvent event) {}

    /** Called once after a successful {@link #bind}, when the runtime was closed and its last producer has ended. */
    default void close() {}

    /**
     * What happens to the messages of one producer of a runtime.
     *
     * <p>Methods are called on threads that complete futures, on those that send, and on the client's. They must not
     * block.
     */
    interface Messages {
        /**
         * Messages of one entry were stored, as their receipt says. Those that had been answered before, by their
         * timeout, are not among them.
         *
         * @param partition the partition, or -1
         * @param messages how many, at least one
         * @param bytes their payload and metadata, before compression
         * @param nanos the time from the acceptance of the oldest message of the entry until now
         * @param areDuplicates whether the broker had stored the same messages before
         */
        default void stored(int partition, int messages, long bytes, long nanos, boolean areDuplicates) {}

        /**
         * Messages failed, with one cause: those of an entry, or a single one.
         *
         * @param partition the partition, or -1 if there is none or the message failed before it had one
         * @param messages how many, at least one
         * @param nanos the time from the acceptance of the oldest message until now; 0 if it was not accepted
         * @param outcome whether they are certainly not stored
         * @param cause the failure, as the application gets it
         */
        default void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {}

        /**
         * A thread waited for room in a budget, and has it now, or has given up.
         *
         * @param nanos how long
         */
        default void blocked(long nanos) {}

        /**
         * Messages of one entry were handed to the successor of a producer that died.
         *
         * @param partition the partition, or -1
         * @param messages how many
         */
        default void replayed(int partition, int messages) {}

        /** The producer has ended. Called once, after its last message has been answered. */
        default void close() {}
    }
}
