package dev.vela.conformance;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.vela.Vela;
import java.time.Duration;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import org.apache.pulsar.broker.service.SharedPulsarCluster;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.ClientBuilderImpl;

/**
 * Gives Pulsar's tests supervised clients while {@link #supervise} is on: in place of every client that a builder
 * builds, and of the client that all tests share. The tests themselves run as published.
 */
public final class SwappedClients {
    private static volatile boolean supervise;
    private static Vela shared;

    private SwappedClients() {}

    /** Changes the two methods from which tests get their clients. */
    static void install() {
        ByteBuddyAgent.install();
        change(ClientBuilderImpl.class, "build", Built.class);
        change(SharedPulsarCluster.class, "getClient", Shared.class);
    }

    private static void change(Class<?> type, String method, Class<?> advice) {
        new ByteBuddy()
                .redefine(type)
                .visit(Advice.withCustomMapping()
                        .with(new Advice.AssignReturned.Factory())
                        .to(advice)
                        .on(named(method)))
                .make()
                .load(type.getClassLoader(), ClassReloadingStrategy.fromInstalledAgent());
    }

    static void supervise(boolean on) {
        supervise = on;
    }

    /** Closes the producers that a test class left open on the shared client, and keeps that client open. */
    static synchronized void closeShared() {
        if (shared != null) {
            shared.closeAsync(Duration.ZERO).join();
            shared = null;
        }
    }

    /** Public, since the changed method calls it. */
    public static PulsarClient built(PulsarClient client) {
        return supervise ? Vela.supervise(client) : client;
    }

    /** Public, since the changed method calls it. */
    public static synchronized PulsarClient shared(PulsarClient client) {
        if (!supervise) {
            return client;
        }
        if (shared == null) {
            shared = Vela.on(client);
        }
        return shared.supervisedClient();
    }

    private static final class Built {
        @Advice.OnMethodExit
        @Advice.AssignReturned.ToReturned
        static PulsarClient exit(@Advice.Return PulsarClient client) {
            return built(client);
        }
    }

    private static final class Shared {
        @Advice.OnMethodExit
        @Advice.AssignReturned.ToReturned
        static PulsarClient exit(@Advice.Return PulsarClient client) {
            return shared(client);
        }
    }
}
