package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailedException;
import dev.vela.SendTimeoutException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OfficialFailureTest {

    static Stream<PulsarClientException> ends() {
        return Stream.of(
                new PulsarClientException.AlreadyClosedException("closed"),
                new PulsarClientException.TopicTerminatedException("terminated"),
                new PulsarClientException.ProducerFencedException("fenced"));
    }

    /** Whether only the producer underneath was closed, and another one follows. */
    private static boolean isOfASuccessor(Throwable failure) {
        return failure instanceof ProducerDiedException
                && failure.getCause() instanceof PulsarClientException.AlreadyClosedException;
    }

    static Stream<PulsarClientException> refusals() {
        return Stream.of(
                new PulsarClientException.AuthorizationException("refused"),
                new PulsarClientException.ChecksumException("refused"),
                new PulsarClientException.CryptoException("refused"),
                new PulsarClientException.IncompatibleSchemaException("refused"),
                new PulsarClientException.InvalidMessageException("refused"),
                new PulsarClientException.NotAllowedException("refused"),
                new PulsarClientException.ProducerBlockedQuotaExceededError("refused"),
                new PulsarClientException.ProducerBlockedQuotaExceededException("refused"),
                new PulsarClientException.TopicDoesNotExistException("refused"));
    }

    static Stream<Arguments> failures() {
        return Stream.concat(
                ends().flatMap(end -> Stream.of(
                                arguments(
                                        new NoProducersAvailableException("orders is down", List.of(end)),
                                        end,
                                        Outcome.NOT_SENT),
                                arguments(new ProducerDiedException("orders-0 died", end), end, Outcome.UNKNOWN)))
                        .filter(row -> !isOfASuccessor((Throwable) row.get()[0])),
                refusals()
                        .map(refusal -> arguments(
                                new MessageRejectedException("orders-0 could not publish", refusal),
                                refusal,
                                Outcome.NOT_SENT)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isOfTheTypeThatTheClientGaveAndSaysTheOutcome(
            PulsarClientException failure, PulsarClientException given, Outcome outcome) {
        PulsarClientException official = OfficialFailure.of(failure);

        assertThat(official)
                .isExactlyInstanceOf(given.getClass())
                .hasMessage(failure.getMessage())
                .hasCause(failure);
        assertThat(Outcome.of(official)).isEqualTo(outcome);
    }

    @Test
    void aMessageThatFoundNoProducerHasTimedOut() {
        NoProducersAvailableException failure = new NoProducersAvailableException("orders had no producer", List.of());

        PulsarClientException official = OfficialFailure.ofTimeout(failure);

        assertThat(official)
                .isInstanceOf(PulsarClientException.TimeoutException.class)
                .hasMessage(failure.getMessage())
                .hasCause(failure);
        assertThat(Outcome.of(official)).isEqualTo(Outcome.NOT_SENT);
    }

    @Test
    void leavesEveryOtherFailure() {
        PulsarClientException other = new PulsarClientException.NotConnectedException();

        Stream.of(
                        new NoProducersAvailableException("orders is down", List.of(other)),
                        new ProducerDiedException("orders-0 died", other),
                        new ProducerDiedException(
                                "orders-0 died", new PulsarClientException.AlreadyClosedException("closed")),
                        new SendTimeoutException("orders-0 got no receipt"),
                        new ProducerDiedException("orders-0 died", null),
                        new SendFailedException("orders-0", Outcome.UNKNOWN, null))
                .forEach(failure -> assertThat(OfficialFailure.of(failure)).isSameAs(failure));
    }
}
