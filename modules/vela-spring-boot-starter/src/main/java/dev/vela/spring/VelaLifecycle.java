package dev.vela.spring;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Drains all producers when the context is closed, all together, and in good time: after web servers and listeners have
 * ended, and before Spring closes its cached producers one by one, and then the client.
 *
 * <p>A context that is only stopped may be started again, so its handles stay: their messages are waited for.
 */
final class VelaLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /** Spring's client has this less 150, and its producer cache this less 50. */
    static final int PHASE = Integer.MIN_VALUE / 2 - 50;

    private final VelaRuntimes runtimes;
    private final ApplicationContext context;
    private volatile boolean running;
    private volatile boolean closing;

    VelaLifecycle(VelaRuntimes runtimes, ApplicationContext context) {
        this.runtimes = runtimes;
        this.context = context;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        closing |= event.getApplicationContext() == context; // a child's events come here, too
    }

    @Override
    public void start() {
        runtimes.start();
        running = true;
        runtimes.awaitReady();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        (closing ? runtimes.close() : runtimes.pause()).whenComplete((done, failure) -> callback.run());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
