package dev.vela.chaos;

import dev.vela.local.LocalServer;
import java.nio.file.Path;

/** One process of a site. Thread-safe; blocks. */
record Server(LocalServer process) {

    /** What it is called in reports. */
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
     * Has it run again, whatever became of it: thaws it if it is frozen, and if it has ended starts it and waits until it
     * is of use. Returns whether it had to be started. May be called again if it throws, as when it ends meanwhile.
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
