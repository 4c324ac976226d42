package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.SendCallback;
import dev.vela.SendFailure;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends with a callback in the place of a future. */
class SendCallbackIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("called-back");

    private ProducerGroup<String> start(boolean batching) throws Exception {
        var builder = vela.newProducerGroup(Schema.STRING).topic(topic);
        if (batching) {
            builder.batching(Batching.defaults());
        }
        ProducerGroup<String> group = builder.start();
        group.awaitReady(LONG);
        return group;
    }

    /** Remembers its answers. */
    private static final class Answered implements SendCallback {
        final CompletableFuture<MessageId> answer = new CompletableFuture<>();
        volatile int calls;
        volatile @Nullable Thread thread;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // called by one thread at a time
        public void onAnswer(@Nullable MessageId receipt, @Nullable Throwable failure) {
            calls++;
            thread = Thread.currentThread();
            if (failure == null) {
                answer.complete(receipt);
            } else {
                answer.completeExceptionally(failure);
            }
        }
    }

    @ParameterizedTest(name = "batching {0}")
    @ValueSource(booleans = {true, false})
    void eachIsToldTheIdOfItsMessageInOrder(boolean batching) throws Exception {
        ProducerGroup<String> group = start(batching);
        List<MessageId> receipts = new CopyOnWriteArrayList<>();

        for (int i = 0; i < 100; i++) {
            group.sendAsync("v" + i, (receipt, failure) -> receipts.add(receipt));
        }
        group.newMessage().key("k").value("v100").sendAsync((receipt, failure) -> receipts.add(receipt));
        group.flush();

        assertThat(receipts).hasSize(101);
        assertThat(Broker.read(topic, Schema.STRING, 101))
                .extracting(Message::getMessageId)
                .containsExactlyElementsOf(receipts);
        assertThat(vela.snapshot().pendingMessages()).isZero();
    }

    @Test
    void runsWhereItMayBlock() throws Exception {
        ProducerGroup<String> group = start(true);
        Answered answered = new Answered();

        group.sendAsync("v", answered);

        Answers.receipt(answered.answer);
        assertThat(answered.thread.getName()).startsWith("vela-callback");
    }

    @Test
    void onesThatThrowHarmNoOthers() throws Exception {
        ProducerGroup<String> group = start(true);

        for (int i = 0; i < 10; i++) {
            group.sendAsync("v" + i, (receipt, failure) -> {
                throw new StackOverflowError("thrown by a callback");
            });
        }
        Answered last = new Answered();
        group.sendAsync("v10", last);

        Answers.receipt(last.answer);
        group.flush();
        assertThat(Broker.read(topic, Schema.STRING, 11)).hasSize(11);
    }

    @Test
    void isToldOnceThatAMessageWasRefused() throws Exception {
        ProducerGroup<String> group = start(true);
        group.close();
        Answered answered = new Answered();

        group.sendAsync("late", answered);

        Answers.notSent(answered.answer, NoProducersAvailableException.class);
        assertThat(answered.calls).isEqualTo(1);
    }

    @Test
    void isToldThatAValueCannotBeEncoded() throws Exception {
        ProducerGroup<byte[]> group =
                vela.newProducerGroup(Schema.AUTO_PRODUCE_BYTES()).topic(topic).start();
        group.awaitReady(LONG);
        Answered answered = new Answered();

        group.newMessage(Schema.JSON(Unencodable.class))
                .value(new Unencodable())
                .sendAsync(answered);

        Throwable failure = Answers.failure(answered.answer, MessageRejectedException.class);
        assertThat(((SendFailure) failure).outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(answered.calls).isEqualTo(1);
    }

    @Test
    void oneThatThrowsHarmsNoSenderOfAValueThatCannotBeEncoded() throws Exception {
        ProducerGroup<byte[]> group =
                vela.newProducerGroup(Schema.AUTO_PRODUCE_BYTES()).topic(topic).start();

        assertThatNoException()
                .isThrownBy(() -> group.newMessage(Schema.JSON(Unencodable.class))
                        .value(new Unencodable())
                        .sendAsync((receipt, failure) -> {
                            throw new IllegalStateException("thrown by a callback");
                        }));
    }

    /** Its getter throws. */
    static final class Unencodable {
        @SuppressWarnings("DoNotCallSuggester") // the encoder calls it
        public String getValue() {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void mustBeGiven() throws Exception {
        ProducerGroup<String> group = start(false);

        assertThatNullPointerException()
                .isThrownBy(() -> group.sendAsync("v", null))
                .withMessage("callback");
        assertThatNullPointerException()
                .isThrownBy(() -> group.newMessage().value("v").sendAsync(null))
                .withMessage("callback");
    }
}
