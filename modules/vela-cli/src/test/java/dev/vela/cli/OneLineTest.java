package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;

class OneLineTest {

    @Test
    void looksThroughWrappers() {
        Throwable failure = new CompletionException(new ExecutionException(new IOException("disk full")));

        assertThat(OneLine.of(failure)).isEqualTo("disk full");
    }

    @Test
    void leavesOutNamesOfClasses() {
        Throwable failure = new PulsarClientException(new IllegalStateException("no such host"));

        assertThat(OneLine.of(failure)).isEqualTo("no such host");
        assertThat(OneLine.of("org.apache.pulsar.client.api.PulsarClientException$TimeoutException: a.b.CError: late"))
                .isEqualTo("late");
    }

    @Test
    void keepsTheLastPartOfANameThatIsAllThereIs() {
        Throwable failure =
                new PulsarClientException(new PulsarClientException.TopicTerminatedException((String) null));

        assertThat(OneLine.of("orders is DOWN: " + failure.getMessage()))
                .isEqualTo("orders is DOWN: TopicTerminatedException");
    }

    @Test
    void leavesOutWhatTheNativeTransportSays() {
        assertThat(OneLine.of("finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:1"))
                .isEqualTo("Connection refused: /127.0.0.1:1");
    }

    @Test
    void unwrapsWhatTheBrokerSaid() {
        assertThat(OneLine.of("orders is DOWN: {\"errorMsg\":\"a.b.BusyException: Producer is busy\",\"reqId\":36, "
                        + "\"remote\":\"127.0.0.1:1\", \"local\":\"/127.0.0.1:2\"}"))
                .isEqualTo("orders is DOWN: Producer is busy");
    }

    @Test
    void keepsTheFirstLineThatSaysSomething() {
        assertThat(OneLine.of("\n  Pulsar ended; the end of its log:\nat x\nat y"))
                .isEqualTo("Pulsar ended; the end of its log:");
    }

    @Test
    void namesTheClassWhereThereIsNoMessage() {
        assertThat(OneLine.of(new NullPointerException())).isEqualTo("NullPointerException");
        assertThat(OneLine.of(new IllegalStateException(null, new IOException("why"))))
                .isEqualTo("why");
    }

    @Test
    void isNeverEndless() {
        assertThat(OneLine.of("x".repeat(10_000))).hasSizeLessThan(500);
    }
}
