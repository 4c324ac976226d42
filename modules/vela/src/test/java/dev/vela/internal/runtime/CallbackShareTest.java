package dev.vela.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.live.EventLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackShareTest {
    private final PulsarClient client = client();
    private final RuntimeResources engine = new RuntimeResources(client, Options.of(1, 1), new EventLog("test"));
    private final CallbackShare share = new CallbackShare(engine);

    private static PulsarClient client() {
        try {
            return PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build(); // does not connect
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() throws Exception {
        engine.close(() -> {});
        client.close();
    }

    @Test
    void tasksOfAClosedRuntimeDoNotFillTheStackHoweverMany() {
        engine.close(() -> {});
        AtomicInteger left = new AtomicInteger(200_000);

        share.execute(new Runnable() {
            @Override
            public void run() {
                if (left.decrementAndGet() > 0) {
                    share.execute(this); // as a queue that leaves its thread to another
                }
            }
        });

        assertThat(left).hasValue(0);
    }

    @Test
    void aTaskThatFailsDoesNotTakeItsThreadAlong() throws Exception {
        CountDownLatch ran = new CountDownLatch(10 * CallbackShare.THREADS);

        for (int i = 0; i < 10 * CallbackShare.THREADS; i++) {
            share.execute(() -> {
                ran.countDown();
                throw new IllegalStateException("a task that fails");
            });
        }

        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
