package dev.vela.chaos;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the next run takes place: where the last one did, for a cluster takes a quarter of a minute to start, unless that
 * is no longer as good as new. Confined to one thread.
 */
final class SitePool implements AutoCloseable {

    private static final int MOST_RUNS = 10; // each leaves its messages behind

    private final Start start;
    private @Nullable Site site;
    private boolean transactional;
    private int runs;

    /** How a site is started. */
    interface Start {
        Site start(boolean transactions) throws IOException;
    }

    /** None is started yet. */
    SitePool(Start start) {
        this.start = start;
    }

    /**
     * A site for one more run, all its processes running.
     *
     * @param transactions whether it is one with a coordinator of transactions, which slows down readers of any topic
     */
    Site site(boolean transactions) throws IOException {
        if (runs == MOST_RUNS || transactions != transactional) {
            close();
        }
        Site present = site;
        if (present == null) {
            present = start.start(transactions);
            transactional = transactions;
            site = present;
        } else {
            present.mend();
        }
        runs++;
        return present;
    }

    /** How many runs the present site has been given for. */
    int runs() {
        return runs;
    }

    /** Copies the logs of the present site, if there is one, to a folder. */
    void keepLogs(Path folder) throws IOException {
        if (site != null) {
            site.keepLogs(folder);
        }
    }

    /** Ends the present site, if there is one. The next run gets another. */
    @Override
    public void close() {
        runs = 0;
        Site present = site;
        site = null;
        if (present != null) {
            present.close();
        }
    }
}
