package dev.vela.cli;

/** The switch that lets logs out. Must be turned before the first logger is made. */
final class Verbosity {

    private static final String LOG_LEVEL = "vela.cli.log";

    private Verbosity() {}

    /** A command that has the option. */
    interface Option {
        boolean isVerbose();
    }

    static void showLogs() {
        System.setProperty(LOG_LEVEL, "INFO");
    }
}
