package dev.vela.spring;

import dev.vela.VelaEvent;
import dev.vela.VelaListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Passes the events of runtimes on to the context: to its listener beans, then as application events. Events wait until
 * all singletons exist, since a listener may need the very client whose producers make the first events.
 *
 * <p>Thread-safe. Events are passed on by a thread of its own, since nothing may wait for a producer on a thread of Vela.
 * That one waits meanwhile: so events keep their order, and no more wait than Vela itself allows.
 */
final class ContextEvents implements SmartInitializingSingleton, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(ContextEvents.class);
    private static final long IDLE_SECONDS = 10;

    private final ApplicationEventPublisher publisher;
    private final ObjectProvider<VelaListener> beans;
    private final DefaultSingletonBeanRegistry registry;
    private final CompletableFuture<List<VelaListener>> listeners = new CompletableFuture<>();
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "vela-spring-events");
                thread.setDaemon(true);
                return thread;
            });
    private volatile boolean ended;

    ContextEvents(
            ApplicationEventPublisher publisher,
            ObjectProvider<VelaListener> beans,
            DefaultSingletonBeanRegistry registry) {
        this.publisher = publisher;
        this.beans = beans;
        this.registry = registry;
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public void afterSingletonsInstantiated() {
        listeners.complete(beans.orderedStream().toList());
        // The last one registered is destroyed first: no listener hears of anything after its own end.
        registry.registerDisposableBean("velaContextEvents.end", () -> ended = true);
    }

    /** The events of a client's runtime. */
    Feed of(String client) {
        return new Feed(client);
    }

    /** The events of one runtime. */
    final class Feed implements VelaListener {
        private final String client;
        private final CompletableFuture<Boolean> open = listeners.thenApply(all -> true);

        private Feed(String client) {
            this.client = client;
        }

        @Override
        public void onEvent(VelaEvent event) {
            if (!open.join() || ended) {
                return;
            }
            try {
                CompletableFuture.runAsync(() -> pass(client, event), thread).join();
            } catch (RejectedExecutionException e) {
                log.debug("The context has ended before {}", event, e);
            }
        }

        /** Drops the events that still wait for the context, if it did not come so far. */
        void release() {
            open.complete(false);
        }
    }

    private void pass(String client, VelaEvent event) {
        for (VelaListener listener : listeners.join()) {
            tell(event, () -> listener.onEvent(event));
        }
        tell(event, () -> publisher.publishEvent(new VelaApplicationEvent(this, client, event)));
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

    /** Ends the thread, once the listener that it is in returns. */
    @Override
    public void destroy() {
        ended = true;
        thread.shutdown();
    }
}
