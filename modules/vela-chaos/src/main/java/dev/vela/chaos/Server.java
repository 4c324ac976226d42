package dev.vela.chaos;

import dev.vela.local.LocalServer;
import java.nio.file.Path;

/** One process of a site. Thread-safe; blocks. */
record Server(LocalServer process) {

    /** Returns the name in reports. */
    String name() {
        return process.name();
    }

    Path log() {
        return process.log();
    }

    void kill() {
        process.kill();
    }

    void freeze() {
        process.freeze();
    }

    /**
     * Makes the server run again: thaws a frozen process; restarts an ended process and waits until the server is
     * ready. Returns whether a restart was necessary. May be called again if it throws, for instance because the
     * process ends meanwhile.
     */
    boolean mend() {
        if (process.isFrozen()) {
            process.thaw();
        }
        if (process.isRunning()) {
            return false;
        }
        process.restart();
        return true;
    }
}
