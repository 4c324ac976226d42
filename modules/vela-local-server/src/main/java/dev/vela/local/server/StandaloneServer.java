package dev.vela.local.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pulsar.PulsarStandaloneStarter;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A main class that runs broker, bookie and metadata store in this JVM, listening on 127.0.0.1 only.
 *
 * <p>Arguments: the broker's, the web service's and the bookie's port, then any number of {@code key=value} entries of
 * Pulsar's {@code standalone.conf}. The data is kept in the working directory.
 *
 * <p>Standard output carries one line, {@code READY <service URL> <admin URL>}, once {@code public/default} takes
 * traffic. Logs go to standard error. The line {@code STOP} on standard input stops it in an orderly way, and the end of
 * that input halts it at once. Exit status: 0 after either, {@value #PORT_TAKEN} if a port was taken, 1 for any other
 * failure to start.
 */
public final class StandaloneServer {

    private static final int FAILED = 1;
    private static final int PORT_TAKEN = 3;
    private static final int PORTS_END = 3;

    private static volatile @Nullable PulsarStandaloneStarter standalone;

    private StandaloneServer() {}

    /**
     * Runs the server until its standard input ends.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        obeyInput();
        System.setProperty("log4j2.configurationFile", "classpath:dev/vela/local/server/log4j2.xml");
        try {
            out.println("READY " + start(args));
            out.flush();
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(isPortTaken(failure) ? PORT_TAKEN : FAILED);
        }
    }

    private static String start(String[] args) throws Exception {
        if (args.length < PORTS_END) {
            throw new IllegalArgumentException("arguments must be: broker port, web port, bookie port, key=value...");
        }
        StandaloneConfiguration configuration = new StandaloneConfiguration(
                Integer.parseInt(args[0]), Integer.parseInt(args[1]), entries(List.of(args)));
        // Relative paths all: as part of an absolute one, a space or a comma would upset Pulsar.
        Path file = configuration.write(Path.of("standalone.conf"));
        Path bookie = Files.createDirectories(Path.of("bookkeeper"));

        PulsarStandaloneStarter starter = new PulsarStandaloneStarter(new String[] {
            "--config",
            file.toString(),
            "--metadata-url",
            "rocksdb:metadata",
            "--zookeeper-dir",
            "zookeeper",
            "--bookkeeper-dir",
            bookie.toString(),
            "--bookkeeper-port",
            args[2],
            "--no-functions-worker",
            "--no-stream-storage"
        });
        starter.start();
        standalone = starter;
        lookUpDefaultNamespace(starter.getConfig(), starter.getWebServiceUrl());
        return starter.getBrokerServiceUrl() + ' ' + starter.getWebServiceUrl();
    }

    private static Map<String, String> entries(List<String> args) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : args.subList(PORTS_END, args.size())) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("an entry must be key=value, was " + entry);
            }
            entries.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return entries;
    }

    /** Proves that the namespace exists, and has a broker own its bundles before the first client asks. */
    private static void lookUpDefaultNamespace(ServiceConfiguration config, String adminUrl) throws Exception {
        PulsarAdminBuilder builder = PulsarAdmin.builder().serviceHttpUrl(adminUrl);
        if (config.isAuthenticationEnabled()) {
            builder.authentication(
                    config.getBrokerClientAuthenticationPlugin(), config.getBrokerClientAuthenticationParameters());
        }
        try (PulsarAdmin admin = builder.build()) {
            admin.namespaces().getPolicies("public/default");
            admin.lookups().lookupTopic("persistent://public/default/ready");
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // Netty's native transport has an exception of its own for this.
            if (cause instanceof BindException
                    || String.valueOf(cause.getMessage()).contains("already in use")) {
                return true;
            }
        }
        return false;
    }

    /** The command that arrives on standard input, or its end. */
    private static void obeyInput() {
        Thread thread = new Thread(
                () -> {
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
                        // As good as the end.
                    }
                    Runtime.getRuntime().halt(0);
                },
                "obey-input");
        thread.setDaemon(true);
        thread.start();
    }

    /*
     * A signal would run the shutdown hooks of broker and bookie at the same time, and the broker would wait for a bookie
     * that is gone already. The rest of the input is still watched: nothing may keep an orphan alive.
     */
    private static void stop(BufferedReader rest) throws IOException {
        Thread stopping = new Thread(
                () -> {
                    PulsarStandaloneStarter running = standalone;
                    if (running != null) {
                        running.close();
                    }
                    Runtime.getRuntime().halt(0);
                },
                "stop");
        stopping.setDaemon(true);
        stopping.start();
        while (rest.readLine() != null) {}
    }
}
