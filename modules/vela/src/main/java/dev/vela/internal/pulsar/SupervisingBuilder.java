package dev.vela.internal.pulsar;

import dev.vela.internal.checks.Checks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.jspecify.annotations.Nullable;

/**
 * The client's own builder, except that somebody else creates the producers. A subclass, since frameworks cast builders
 * to the client's class.
 *
 * <p><em>Not</em> thread-safe.
 */
public final class SupervisingBuilder<T> extends ProducerBuilderImpl<T> {
    private final Creator creator;

    /** Creates the producers of builders. */
    public interface Creator {
        /** Creates a producer as a builder described it, which does not refuse it. */
        <T> CompletableFuture<Producer<T>> create(OfficialSettings settings, Schema<T> schema);

        /** Fails on a thread that must not wait for a producer. */
        void checkMayBlock();

        /** Waits for a producer. An interrupt withdraws its creation. */
        <T> Producer<T> await(CompletableFuture<Producer<T>> created) throws PulsarClientException;
    }

    private SupervisingBuilder(Creator creator, @Nullable PulsarClientImpl client, Schema<T> schema) {
        super(client, schema);
        this.creator = creator;
    }

    /** Returns a builder with the settings of a builder that a client has just made. */
    public static <T> ProducerBuilder<T> of(ProducerBuilder<T> fresh, Schema<T> schema, Creator creator) {
        if (!(fresh instanceof ProducerBuilderImpl<T> official)) {
            return new SupervisingBuilder<>(creator, null, schema);
        }
        SupervisingBuilder<T> builder = new SupervisingBuilder<>(creator, official.getClient(), schema);
        OfficialSettings.copy(official.getConf().clone(), builder.getConf());
        return builder;
    }

    /**
     * Returns a builder with what another builder says now.
     *
     * @throws IllegalArgumentException if that is not an official builder of this client
     */
    public static <T> ProducerBuilder<T> like(ProducerBuilder<T> builder, PulsarClient client, Creator creator) {
        String rule = "be an official builder of the runtime's client";
        Checks.check(!(builder instanceof SupervisingBuilder), "builder", "not be supervised already", builder);
        Checks.check(builder instanceof ProducerBuilderImpl, "builder", rule, builder);
        ProducerBuilderImpl<T> official = (ProducerBuilderImpl<T>) builder;
        Checks.check(
                client.newProducer() instanceof ProducerBuilderImpl<?> own && own.getClient() == official.getClient(),
                "builder",
                rule,
                builder);
        SupervisingBuilder<T> like = new SupervisingBuilder<>(creator, official.getClient(), official.getSchema());
        OfficialSettings.copy(official.getConf().clone(), like.getConf());
        List<ProducerInterceptor> interceptors = official.getInterceptorList();
        if (interceptors != null) {
            like.intercept(interceptors.toArray(ProducerInterceptor[]::new));
        }
        return like;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // the client's clone would not be supervised
    public ProducerBuilder<T> clone() {
        SupervisingBuilder<T> copy = new SupervisingBuilder<>(creator, getClient(), getSchema());
        OfficialSettings.copy(getConf().clone(), copy.getConf());
        return copy;
    }

    @Override
    public Producer<T> create() throws PulsarClientException {
        creator.checkMayBlock();
        return creator.await(createAsync());
    }

    @Override
    public CompletableFuture<Producer<T>> createAsync() {
        OfficialSettings settings = OfficialSettings.of(this);
        Exception refusal = settings.refusal(getSchema());
        return refusal == null ? creator.create(settings, getSchema()) : CompletableFuture.failedFuture(refusal);
    }
}
