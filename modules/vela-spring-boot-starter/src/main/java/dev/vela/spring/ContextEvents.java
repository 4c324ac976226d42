package dev.vela.spring;

import dev.vela.VelaEvent;
import dev.vela.VelaListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Passes the events of runtimes on to the context: to its listener beans, then as application events. Events wait until
 * all singletons exist, since a listener may need the very client whose producers make the first events.
 *
 * <p>Thread-safe. Blocks only the threads that deliver events.
 */
final class ContextEvents implements SmartInitializingSingleton, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(ContextEvents.class);

    private final ApplicationEventPublisher publisher;
    private final ObjectProvider<VelaListener> beans;
    private final CompletableFuture<List<VelaListener>> listeners = new CompletableFuture<>();
    private volatile boolean ended;

    ContextEvents(ApplicationEventPublisher publisher, ObjectProvider<VelaListener> beans) {
        this.publisher = publisher;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        listeners.complete(beans.orderedStream().toList());
    }

    /** The listener of the runtime of a client. */
    VelaListener of(String client) {
        return event -> {
            for (VelaListener listener : listeners.join()) {
                tell(event, () -> listener.onEvent(event));
            }
            tell(event, () -> publisher.publishEvent(new VelaApplicationEvent(this, client, event)));
        };
    }

    private void tell(VelaEvent event, Runnable telling) {
        if (ended) {
            return;
        }
        try {
            telling.run();
        } catch (Throwable e) { // one listener's failure must not keep the event from the others
            log.warn("A listener threw on {}", event, e);
        }
    }

    /** Drops all later events, and those that still wait: their listeners are gone, or never came. */
    @Override
    public void destroy() {
        ended = true;
        listeners.complete(List.of());
    }
}
