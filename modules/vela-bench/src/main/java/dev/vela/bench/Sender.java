package dev.vela.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A subject that is ready to do its work repeatedly. */
interface Sender extends AutoCloseable {

    /**
     * The work that was done.
     *
     * @param messages the number of acknowledged messages, which is the number of sent messages
     * @param figures the figures that only the sender itself can measure
     */
    record Work(long messages, Map<Figure, Double> figures) {}

    /** Does the preparation that is not measured. */
    default void prepare() throws Exception {}

    /**
     * Sends for the given time, and waits until all messages are answered.
     *
     * @throws IllegalStateException if any message was not acknowledged: the figures are then meaningless
     */
    Work send(Duration length) throws Exception;

    @Override
    void close() throws IOException;
}
