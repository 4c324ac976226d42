package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.Vela;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;

class SupervisedClientTest {

    /** What a framework's client may be beside a client. */
    public interface Lifecycle {
        boolean isRunning();

        void stop();
    }

    /** What a framework's client is by way of an interface that only the framework sees. */
    interface Hidden extends Lifecycle {}

    private final List<String> calls = new ArrayList<>();

    /** A client of a framework, which notes its calls. */
    private PulsarClient framework() {
        return (PulsarClient) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PulsarClient.class, Lifecycle.class},
                (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "isRunning" -> true;
                        case "isClosed" -> false;
                        case "closeAsync" -> CompletableFuture.completedFuture(null);
                        case "updateServiceUrl" -> throw new PulsarClientException.InvalidServiceURL("no", null);
                        case "hashCode" -> 1;
                        case "toString" -> "framework's";
                        default -> null;
                    };
                });
    }

    @Test
    void isWhateverElseTheClientIs() {
        PulsarClient supervised = Vela.supervise(framework());

        assertThat(supervised).isInstanceOf(Lifecycle.class);
        assertThat(((Lifecycle) supervised).isRunning()).isTrue();
        ((Lifecycle) supervised).stop();
        assertThat(calls).contains("isRunning", "stop");
    }

    @Test
    void isWhatTheClientIsByWayOfAnInterfaceThatNobodySees() {
        PulsarClient client = (PulsarClient) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PulsarClient.class, Hidden.class},
                (proxy, method, arguments) -> method.getName().equals("isRunning") ? true : null);

        assertThat(((Lifecycle) Vela.supervise(client)).isRunning()).isTrue();
    }

    @Test
    void isRecognized() {
        PulsarClient client = framework();

        assertThat(Vela.isSupervised(client)).isFalse();
        assertThat(Vela.isSupervised(Vela.supervise(client))).isTrue();
    }

    @Test
    void throwsWhatTheClientThrows() {
        PulsarClient supervised = Vela.supervise(framework());

        assertThat(catchThrowable(() -> supervised.updateServiceUrl("x")))
                .isExactlyInstanceOf(PulsarClientException.InvalidServiceURL.class);
    }

    @Test
    void isEqualToItselfOnly() {
        PulsarClient client = framework();
        PulsarClient supervised = Vela.supervise(client);

        assertThat(List.of(supervised)).contains(supervised).doesNotContain(Vela.supervise(client));
        assertThat(new HashSet<>(List.of(supervised))).contains(supervised);
        assertThat(supervised).hasToString("supervised framework's");
    }

    @Test
    void closesTheClientInEachWay() throws Exception {
        Vela.supervise(framework()).close();
        Vela.supervise(framework()).closeAsync().get();
        Vela.supervise(framework()).shutdown();

        assertThat(calls)
                .containsSubsequence("closeAsync", "closeAsync", "shutdown")
                .doesNotContain("close");
    }
}
