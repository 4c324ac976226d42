package dev.vela.local.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.BindException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The common part of all main classes in this package. Standard output carries one line, {@code READY}, once the server
 * is ready. Logs go to standard error. The line {@code STOP} on standard input stops the server in an orderly way, and
 * the end of standard input halts it at once. Exit status: 0 after either, {@value #PORT_TAKEN} if a port was taken,
 * {@value #FAILED} for any other failure to start, and if the server ends by itself.
 */
final class ServerMain {

    private static final int FAILED = 1;
    private static final int PORT_TAKEN = 3;

    private static volatile @Nullable Server started;
    private static volatile boolean stopping;

    private ServerMain() {}

    /** A running server. */
    interface Server {
        /** Stops the server, and returns when it has stopped. */
        void stop() throws Exception;
    }

    /** Starts a server. */
    interface Start {
        /** Starts the server, and returns when it is ready. */
        Server from(List<String> arguments) throws Exception;
    }

    static void run(Start start, String[] arguments) {
        PrintStream out = System.out;
        System.setOut(System.err);
        obeyInput();
        System.setProperty("log4j2.configurationFile", "classpath:dev/vela/local/server/log4j2.xml");
        try {
            started = start.from(List.of(arguments));
            out.println("READY");
            out.flush();
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(isPortTaken(failure) ? PORT_TAKEN : FAILED);
        }
    }

    /** Ends this JVM, because its server has ended by itself. */
    static void serverEnded() {
        if (!stopping) {
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // Netty's native transport has its own exception for this.
            if (cause instanceof BindException
                    || String.valueOf(cause.getMessage()).contains("already in use")) {
                return true;
            }
        }
        return false;
    }

    /** Obeys the command that arrives on standard input, or the end of the input. */
    private static void obeyInput() {
        daemon("obey-input", () -> {
            try {
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
                String line = lines.readLine();
                while (line != null && !line.equals("STOP")) {
                    line = lines.readLine();
                }
                if (line != null) {
                    stop(lines);
                }
            } catch (IOException e) {
                // Treated like the end of the input.
            }
            Runtime.getRuntime().halt(0);
        });
    }

    /*
     * A signal would run the shutdown hooks of a broker and a bookie in one JVM at the same time, and the broker would
     * wait for a bookie that is gone already. The rest of the input is still read, so that nothing keeps an orphan
     * alive.
     */
    private static void stop(BufferedReader rest) throws IOException {
        stopping = true;
        daemon("stop", () -> {
            Server running = started;
            if (running != null) {
                try {
                    running.stop();
                } catch (Exception e) {
                    System.err.println("could not stop in order: " + e);
                }
            }
            Runtime.getRuntime().halt(0);
        });
        while (rest.readLine() != null) {}
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
