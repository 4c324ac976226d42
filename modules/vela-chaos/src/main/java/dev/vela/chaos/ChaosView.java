package dev.vela.chaos;

import dev.vela.view.Marks;
import dev.vela.view.Sources;
import dev.vela.view.ViewOptions;
import dev.vela.view.ViewServer;
import java.io.IOException;
import java.net.URI;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A page that shows the application's producers, with the faults on its time line. */
final class ChaosView implements Audience, AutoCloseable {

    private final ViewServer server;
    private volatile @Nullable ProcessHandle application; // null before the first one has started

    /** Starts to serve the page. */
    ChaosView() throws IOException {
        server = ViewServer.start(Sources.process("the application of vela chaos", this::pid), ViewOptions.defaults());
    }

    private OptionalLong pid() {
        ProcessHandle known = application;
        return known == null || !known.isAlive() ? OptionalLong.empty() : OptionalLong.of(known.pid());
    }

    URI address() {
        return server.address();
    }

    @Override
    public void applicationStarted(ProcessHandle process) {
        application = process;
    }

    @Override
    public Runnable faultBegins(FaultKind kind) {
        Marks.Mark mark = server.marks().begin(kind.label());
        return mark::end;
    }

    @Override
    public void close() {
        server.close();
    }
}
