package dev.vela.spring;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Drains all producers when the context is closed, all together, and in good time: after web servers and listeners have
 * ended, and before Spring closes its cached producers one by one, and then the client.
 *
 * <p>A context that is only stopped may be started again, so its handles stay: their messages are waited for.
 */
final class VelaLifecycle implements SmartLifecycle {
    /** Spring's client has this less 150, and its producer cache this less 50. */
    static final int PHASE = Integer.MIN_VALUE / 2 - 50;

    private static final Logger log = LoggerFactory.getLogger(VelaLifecycle.class);
    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";
    private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

    private final VelaRuntimes runtimes;
    private final VelaProperties properties;
    private final ConfigurableApplicationContext context;
    private volatile boolean running;

    VelaLifecycle(VelaRuntimes runtimes, VelaProperties properties, ConfigurableApplicationContext context) {
        this.runtimes = runtimes;
        this.properties = properties;
        this.context = context;
    }

    @Override
    public void start() {
        Duration limit = Binder.get(context.getEnvironment())
                .bind(PHASE_TIMEOUT, Duration.class)
                .orElse(DEFAULT_PHASE_TIMEOUT);
        if (properties.drainTimeout().compareTo(limit) > 0) {
            log.warn(
                    "vela.drain-timeout is {}, but Spring waits no longer than {} at its shutdown: {} must be longer",
                    properties.drainTimeout(),
                    limit,
                    PHASE_TIMEOUT);
        }
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
        // It does not run yet if another bean's start has failed, and then never will.
        boolean closing = context.isClosed() || !context.isRunning();
        runtimes.stop(closing).whenComplete((done, failure) -> callback.run());
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
