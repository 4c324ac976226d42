package dev.vela.internal.root;

import dev.vela.AlreadyStartedException;
import dev.vela.Batching;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.OfficialFailure;
import dev.vela.internal.pulsar.OfficialSettings;
import dev.vela.internal.pulsar.SupervisingBuilder;
import dev.vela.internal.runtime.OfficialTerms;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.runtime.TopicKind;
import dev.vela.internal.runtime.VelaOptions;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * Starts handles as official builders create producers: complete once the first attempt of each producer has been
 * answered, failed with the client's exception if one of them failed, and nothing left behind then.
 *
 * <p>Thread-safe.
 */
final class OfficialStarts implements SupervisingBuilder.Creator {
    private final RuntimeResources resources;
    private final Registry registry;
    private final HandleStarts starts;
    private final boolean waitForBroker;
    private final Leases leases;
    private final List<BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>>> customizers;

    /** Creates the starts of a runtime. */
    OfficialStarts(RuntimeResources resources, Registry registry, HandleStarts starts, VelaOptions options) {
        this.resources = resources;
        this.registry = registry;
        this.starts = starts;
        this.waitForBroker = options.waitForBroker();
        this.customizers = options.supervisedCustomizers();
        this.leases = new Leases(resources.control(), resources.callbacks(), options.linger());
    }

    /**
     * Starts a producer. The future belongs to the caller: cancelling it, or completing it in another way, stops the
     * producer.
     */
    @Override
    public <T> CompletableFuture<Producer<T>> create(OfficialSettings settings, Schema<T> schema) {
        return leases.lease(settings, schema, () -> start(settings, schema));
    }

    private <T> CompletableFuture<Producer<T>> start(OfficialSettings settings, Schema<T> schema) {
        CompletableFuture<Producer<T>> created = new CompletableFuture<>();
        String name = settings.producerName();
        if (name == null) {
            startUnderFreeName(settings, schema, created);
        } else {
            startUnder(name + " on " + settings.topic(), settings, schema, created);
        }
        return created;
    }

    /** Starts it under its topic, or, if other producers of the topic are there, under that and a number. */
    private <T> void startUnderFreeName(
            OfficialSettings settings, Schema<T> schema, CompletableFuture<Producer<T>> created) {
        String topic = settings.topic();
        String name = topic;
        for (int number = 1; registry.find(name) != null; number++) {
            name = topic + "~" + number;
        }
        startUnder(name, settings, schema, created);
    }

    private <T> void startUnder(
            String name, OfficialSettings settings, Schema<T> schema, CompletableFuture<Producer<T>> created) {
        CompletableFuture<SupervisedProducer<T>> started;
        try {
            started = builder(name, settings, schema).startAsync();
        } catch (Throwable e) { // of a customizer, which may throw anything
            created.completeExceptionally(e);
            return;
        }
        created.whenComplete((producer, failure) -> started.cancel(false)); // withdraws the start, if it goes on
        started.whenComplete((handle, failure) -> {
            if (failure == null) {
                open((Handle<T>) handle, settings, created);
                return;
            }
            Throwable cause = Failures.unwrap(failure);
            if (!(cause instanceof AlreadyStartedException || cause instanceof NameTakenException)) {
                created.completeExceptionally(cause);
            } else if (settings.producerName() == null) { // another thread was faster
                startUnderFreeName(settings, schema, created);
            } else {
                created.completeExceptionally(new PulsarClientException.ProducerBusyException(
                        "Producer with name '" + settings.producerName() + "' is already connected to topic"));
            }
        });
    }

    /** Waits for the first attempts. The application's code must not run on the control thread. */
    private <T> void open(Handle<T> handle, OfficialSettings settings, CompletableFuture<Producer<T>> created) {
        created.whenComplete((producer, failure) -> {
            if (producer != handle) { // failed, or the application has completed it
                handle.stopAsync(Duration.ZERO);
            }
        });
        CompletableFuture<Void> opened = handle.whenOpened(settings.startsLazily());
        if (!mustWaitForBroker(settings)) {
            Scheduler.Cancellable impatience =
                    resources.control().schedule(OfficialTerms.PATIENCE, () -> opened.complete(null));
            opened.whenComplete((done, failure) -> impatience.cancel());
        }
        opened.whenComplete((done, failure) -> {
            if (failure == null || (!mustWaitForBroker(settings) && Failures.isOfAbsence(Failures.unwrap(failure)))) {
                resources.callbacks().execute(() -> created.complete(handle));
            } else {
                handle.stopAsync(Duration.ZERO)
                        .whenComplete((stopped, ignored) ->
                                resources.callbacks().execute(() -> created.completeExceptionally(official(failure))));
            }
        });
    }

    /** Whether a broker must have answered: a router needs the number of partitions, and access cannot be awaited later. */
    private boolean mustWaitForBroker(OfficialSettings settings) {
        return waitForBroker
                || settings.router() != null
                || settings.accessMode() == ProducerAccessMode.WaitForExclusive;
    }

    private static Throwable official(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        return cause instanceof PulsarClientException known ? OfficialFailure.of(known) : cause;
    }

    /** Waits for a producer. An interrupt withdraws its start. */
    @Override
    public <T> Producer<T> await(CompletableFuture<Producer<T>> created) throws PulsarClientException {
        try {
            return created.get();
        } catch (InterruptedException e) {
            created.cancel(false);
            Thread.currentThread().interrupt();
            throw PulsarClientException.unwrap(e);
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e);
        }
    }

    @Override
    public void checkMayBlock() {
        Threads.checkMayBlock("create", "createAsync");
    }

    /** Vela's builder with the settings of an official one, as the customizers want them. */
    <T> DefaultProducerBuilder<T, SupervisedProducer<T>> builder(
            String name, OfficialSettings settings, Schema<T> schema) {
        DefaultProducerBuilder<T, SupervisedProducer<T>> builder =
                new DefaultProducerBuilder<>(starts, schema, TopicKind.EITHER, SupervisedProducer.class);
        builder.accessMode(settings.accessMode())
                .keyHash(settings.keyHash())
                .blockIfQueueFull(settings.isBlockIfQueueFull())
                .sendTimeout(settings.sendTimeout())
                .maxPendingMessages(settings.maxPendingMessages())
                .maxPendingBytes(Long.MAX_VALUE)
                .maxDisconnectedTime(settings.maxDisconnectedTime())
                .customize(settings::applyTo);
        if (settings.isChunkingEnabled()) {
            builder.enableChunking(true);
        }
        Batching batching = settings.batching();
        if (batching != null) {
            builder.batching(batching);
        }
        Duration growthInterval = settings.growthInterval();
        if (growthInterval == null) {
            builder.autoUpdatePartitions(false);
        } else {
            builder.defaultGrowthInterval(growthInterval);
        }
        MessageRouter router = settings.router();
        MessageRoutingMode mode = settings.routingMode();
        if (router == null && mode != null) {
            builder.messageRoutingMode(mode);
        }
        customizers.forEach(customizer -> customizer.accept(settings.topic(), builder));
        builder.checkOfficialIsUntouched(settings.accessMode());
        if (router != null) {
            builder.messageRouter(router);
        }
        builder.topic(settings.topic()).name(name);
        return builder.official(new OfficialTerms(
                producerName(name, settings, builder.hasStableNames()),
                settings.maxPendingAcrossPartitions(),
                mustWaitForBroker(settings)));
    }

    private static String producerName(String name, OfficialSettings settings, boolean isStable) {
        String chosen = settings.producerName();
        if (chosen != null) {
            return chosen;
        }
        return isStable ? name : name + "-" + fresh();
    }

    private static String fresh() {
        return UUID.randomUUID().toString().substring(0, 8).toLowerCase(Locale.ROOT);
    }
}
