package dev.vela.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A subject that is set up to do its work, again and again. */
interface Sender extends AutoCloseable {

    /**
     * What was done.
     *
     * @param messages how many were acknowledged: all that were sent
     * @param figures what only the sender itself could measure
     */
    record Work(long messages, Map<Figure, Double> figures) {}

    /** Does what need not be measured. */
    default void prepare() throws Exception {}

    /**
     * Sends for this long, and waits until all is answered.
     *
     * @throws IllegalStateException if anything was not acknowledged: then no figure means anything
     */
    Work send(Duration length) throws Exception;

    @Override
    void close() throws IOException;
}
