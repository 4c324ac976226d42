package dev.vela.view;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Where the runtimes of an application are read from.
 *
 * <p>Used by one thread at a time. Calls block, for some seconds at most if the application answers.
 */
public interface Source extends AutoCloseable {

    /** What is read, for the user: "process 4711 (com.example.Orders)". */
    String describe();

    /**
     * A report of each runtime, as JSON.
     *
     * @param lastEvents the number of the last event that the caller has, by the id of the runtime's instance
     * @throws IOException if there is no answer
     */
    List<String> read(Map<String, Long> lastEvents) throws IOException;

    /**
     * Restarts those official producers of a producer that are down.
     *
     * @param instance the id of the runtime's instance
     * @param name the producer's name in the runtime
     * @throws IOException if there is no answer, or with the reason if it was refused
     */
    void restart(String instance, String name) throws IOException;

    @Override
    void close();
}
