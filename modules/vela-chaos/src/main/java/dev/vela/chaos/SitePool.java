package dev.vela.chaos;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Provides the site for the next run. Reuses the site of the last run, because a cluster takes a quarter of a minute to
 * start, unless that site is no longer as good as new. Confined to one thread.
 */
final class SitePool implements AutoCloseable {

    private static final int MOST_RUNS = 10; // each run leaves its messages behind

    private final Start start;
    private @Nullable Site site;
    private boolean transactional;
    private int runs;

    /** Starts a site. */
    interface Start {
        Site start(boolean transactions) throws IOException;
    }

    /** Creates a pool without a site. */
    SitePool(Start start) {
        this.start = start;
    }

    /**
     * Returns a site for one more run, with all its processes running.
     *
     * @param transactions whether the site has a transaction coordinator, which slows down readers of any topic
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

    /** Returns the number of runs that have used the present site. */
    int runs() {
        return runs;
    }

    /** Copies the logs of the present site, if there is one, to a folder. */
    void keepLogs(Path folder) throws IOException {
        if (site != null) {
            site.keepLogs(folder);
        }
    }

    /** Ends the present site, if there is one. The next run gets a new site. */
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
