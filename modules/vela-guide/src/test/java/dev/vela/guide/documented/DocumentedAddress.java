package dev.vela.guide.documented;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has {@code pulsar://localhost:6650}, the address in the snippets, lead to the Pulsar of the tests. On a machine where
 * that port is taken, the tests of the class are skipped.
 */
final class DocumentedAddress implements BeforeAllCallback, AfterAllCallback {
    private static final int PORT = 6650;

    private final Supplier<String> serviceUrl;
    private @Nullable ServerSocket server;

    DocumentedAddress(Supplier<String> serviceUrl) {
        this.serviceUrl = serviceUrl;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        try {
            ServerSocket listening = new ServerSocket(PORT, 50, InetAddress.getLoopbackAddress());
            server = listening;
            inBackground(() -> accept(listening));
        } catch (BindException e) {
            abort("port " + PORT + " is taken on this machine");
        }
    }

    private void accept(ServerSocket listening) {
        URI target = URI.create(serviceUrl.get());
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                Socket to = new Socket(target.getHost(), target.getPort());
                inBackground(() -> copy(from, to));
                inBackground(() -> copy(to, from));
            } catch (IOException e) {
                // Closed, or the client connects again.
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "documented-address");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (server != null) {
            server.close();
        }
    }
}
