package dev.vela.internal.root;

import dev.vela.ChildSpec;
import dev.vela.internal.handle.GroupHandle;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.handle.PartitionedHandle;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.Hooks;
import dev.vela.internal.runtime.OfficialTerms;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.TopicKind;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes a handle to be started under a runtime.
 *
 * <p>It is the starter of the public {@link ChildSpec}: the runtime recognizes it, creates a handle from it, and
 * supervises the lifecycle of that handle.
 *
 * @param partitions the number of partitions; 0 if it is to be looked up
 * @param growthInterval how often to look for more partitions; null for never
 */
record HandleSpec<T>(
        String name,
        ProducerSettings<T> settings,
        TopicKind kind,
        int partitions,
        @Nullable Duration growthInterval) implements ChildSpec.Starter {
    private static final Logger log = LoggerFactory.getLogger(HandleSpec.class);
    private static final Duration CUSTOMIZER_PATIENCE = Duration.ofSeconds(1);

    ChildSpec childSpec() {
        return ChildSpec.of(name, this);
    }

    /** This specification with the final id of its child specification. */
    HandleSpec<T> named(String id) {
        return new HandleSpec<>(id, settings, kind, partitions, growthInterval);
    }

    /** Whether the broker must be asked for the number of partitions. */
    boolean needsLookUp() {
        boolean isPartition = Topics.partition(settings.topic()) >= 0;
        return (kind == TopicKind.EITHER && !isPartition) || (kind == TopicKind.PARTITIONED && partitions == 0);
    }

    /** Creates the handle. If need be, asks the customizer for interceptors first, and the broker for partitions. */
    CompletableFuture<Handle<T>> handle(RuntimeResources resources, Handle.Parent owner) {
        PulsarClientException closed = resources.clientIsClosed();
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        HandleContext<T> context = HandleContext.of(resources, name, settings);
        Hooks<T> hooks = context.hooks();
        CompletableFuture<Handle<T>> made;
        if (settings.customizer() == ProducerSettings.NO_CUSTOMIZER) {
            hooks.hasNoCustomizer();
            made = handle(resources, owner, context);
        } else {
            made = learnHooks(resources, owner.calls(), hooks).thenCompose(learnt -> handle(resources, owner, context));
        }
        return made.whenComplete((handle, failure) -> {
            if (failure != null) {
                resources.callbacks().execute(context::close);
            }
        });
    }

    /**
     * Shows the customizer a builder before any message can be sent. A customizer that fails or blocks will be called
     * again soon.
     */
    private CompletableFuture<@Nullable Void> learnHooks(
            RuntimeResources resources, ClientCalls calls, Hooks<T> hooks) {
        CompletableFuture<@Nullable Void> learnt = new CompletableFuture<>();
        Scheduler.Cancellable impatience =
                resources.control().schedule(CUSTOMIZER_PATIENCE, () -> learnt.complete(null));
        calls.customize(() -> {
            try {
                ProducerBuilder<T> builder = resources.client().newProducer(hooks.schema());
                settings.customizer().accept(builder);
                hooks.learn(builder);
            } catch (Throwable e) {
                log.debug("{}: the customizer failed, and will be called again", name, e);
            }
            impatience.cancel();
            learnt.complete(null);
        });
        return learnt;
    }

    private CompletableFuture<Handle<T>> handle(
            RuntimeResources resources, Handle.Parent owner, HandleContext<T> context) {
        if (!needsLookUp()) {
            return CompletableFuture.completedFuture(handle(resources, owner, context, partitions));
        }
        return lookUp(resources).thenCompose(found -> {
            if (found == 0 && kind == TopicKind.PARTITIONED) {
                return CompletableFuture.failedFuture(new PulsarClientException.InvalidConfigurationException(
                        settings.topic() + " has no partitions: use newProducer or newProducerGroup"));
            }
            return CompletableFuture.completedFuture(handle(resources, owner, context, found));
        });
    }

    /** The number of partitions; if the handle does not wait for a broker, perhaps unknown. */
    private CompletableFuture<Integer> lookUp(RuntimeResources resources) {
        CompletableFuture<Integer> lookUp = resources.lookUps().partitionsOrCreate(settings.topic());
        if (settings.waitsForBroker()) {
            return lookUp;
        }
        CompletableFuture<Integer> told =
                lookUp.exceptionallyCompose(failure -> Failures.isOfAbsence(Failures.unwrap(failure))
                        ? CompletableFuture.completedFuture(PartitionedHandle.UNKNOWN)
                        : CompletableFuture.failedFuture(failure));
        Scheduler.Cancellable impatience =
                resources.control().schedule(OfficialTerms.PATIENCE, () -> told.complete(PartitionedHandle.UNKNOWN));
        told.whenComplete((found, failure) -> impatience.cancel());
        return told;
    }

    private Handle<T> handle(RuntimeResources resources, Handle.Parent owner, HandleContext<T> context, int found) {
        String suffix = settings.stableNames() ? "" : "-" + freshInstance();
        return found != 0
                ? new PartitionedHandle<>(resources, context, owner, found, growthInterval, suffix)
                : GroupHandle.alone(resources, context, owner, suffix);
    }

    private static String freshInstance() {
        return UUID.randomUUID().toString().substring(0, 8).toLowerCase(Locale.ROOT);
    }

    @Override
    public CompletionStage<ChildSpec.Child> start() {
        return CompletableFuture.failedFuture(
                new IllegalStateException(name + " can only be started under a runtime: Vela.startAsync"));
    }
}
