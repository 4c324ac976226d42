package dev.vela.cli;

/** The switch that enables logs. Must be set before the first logger is created. */
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
