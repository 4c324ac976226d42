package dev.vela.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;

/**
 * Where the runtimes of an application are read from.
 *
 * <p>Used by one thread at a time, except for {@link #describe()} and {@link #close()}, which any thread may call. A call
 * blocks as long as the application does not answer. After a failure, the next call connects again.
 */
public interface Source extends AutoCloseable {

    /** What is read, for the user: "process 4711 (com.example.Orders)". Never contains a password. */
    String describe();

    /**
     * Returns a report of each runtime, as JSON.
     *
     * @param lastEvents the number of the last event that the caller has, by the id of the runtime's instance
     * @throws InterruptedIOException if the application exists, but does not answer in time
     * @throws IOException if it cannot be read; the message says why, in one line
     */
    List<String> read(Map<String, Long> lastEvents) throws IOException;

    /**
     * Restarts those official producers of a producer that are down.
     *
     * @param instance the id of the runtime's instance
     * @param name the producer's name in the runtime
     * @throws IOException if there is no answer, or with the reason if the restart was refused
     */
    void restart(String instance, String name) throws IOException;

    /** Ends the connection. Idempotent. */
    @Override
    void close();
}
