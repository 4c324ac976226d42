package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.NoProducersAvailableException;
import dev.vela.SupervisedProducer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that nobody takes: what ends their wait. */
class SendTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofDays(1);

    private final OfflineRuntime runtime = new OfflineRuntime(1000);

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void isTheHandlesUnlessTheMessageHasItsOwn() {
        SupervisedProducer<byte[]> shortOne = runtime.partitioned(1, true, SHORT);
        SupervisedProducer<byte[]> longOne = runtime.partitioned(1, true, LONG);

        CompletableFuture<MessageId> itsOwn =
                shortOne.newMessage().value(new byte[1]).timeout(LONG).sendAsync();
        CompletableFuture<MessageId> handles = longOne.sendAsync(new byte[1]);
        assertThat(shortOne.sendAsync(new byte[1]))
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .withCauseInstanceOf(NoProducersAvailableException.class);
        assertThatThrownBy(() -> shortOne.send(new byte[1])).isInstanceOf(NoProducersAvailableException.class);
        assertThat(longOne.newMessage().value(new byte[1]).timeout(SHORT).sendAsync())
                .failsWithin(Duration.ofMinutes(1));

        assertThat(itsOwn).isNotDone();
        assertThat(handles).isNotDone();
    }
}
