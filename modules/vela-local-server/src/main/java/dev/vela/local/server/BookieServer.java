package dev.vela.local.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.bookkeeper.common.component.ComponentStarter;
import org.apache.bookkeeper.common.component.LifecycleComponentStack;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.server.Main;
import org.apache.bookkeeper.server.conf.BookieConfiguration;
import org.apache.pulsar.metadata.bookkeeper.PulsarMetadataBookieDriver;
import org.apache.pulsar.metadata.bookkeeper.PulsarMetadataClientDriver;

/**
 * A main class that runs a bookie of a cluster in this JVM, listening on 127.0.0.1 only. It is ready once it is
 * registered. See {@link ServerMain}.
 *
 * <p>Arguments: {@code key=value} entries of BookKeeper's {@code bookkeeper.conf}, among them {@code bookiePort} and
 * {@code metadataServiceUri}. The data is kept in the working directory.
 */
public final class BookieServer {

    private BookieServer() {}

    /**
     * Runs the server until its standard input ends.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        ServerMain.run(BookieServer::start, args);
    }

    private static ServerMain.Server start(List<String> args) throws Exception {
        System.setProperty("bookkeeper.metadata.bookie.drivers", PulsarMetadataBookieDriver.class.getName());
        System.setProperty("bookkeeper.metadata.client.drivers", PulsarMetadataClientDriver.class.getName());
        Configuration configuration = new Configuration(args).bookie();
        // The path is relative: a comma in an absolute path would confuse BookKeeper.
        String data = Files.createDirectories(Path.of("data")).toString();
        configuration.setDefault("journalDirectories", data);
        configuration.setDefault("ledgerDirectories", data);
        configuration.setDefault("autoRecoveryDaemonEnabled", false);

        ServerConfiguration entries = new ServerConfiguration();
        configuration.entries().forEach(entries::setProperty);
        entries.validate();
        LifecycleComponentStack bookie = Main.buildBookieServer(new BookieConfiguration(entries));
        ComponentStarter.startComponent(bookie).thenRun(ServerMain::serverEnded);
        return bookie::close;
    }
}
