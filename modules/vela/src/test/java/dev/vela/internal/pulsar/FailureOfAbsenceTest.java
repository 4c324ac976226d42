package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which failures say that no broker was reached. */
class FailureOfAbsenceTest {

    static Stream<Throwable> absences() {
        return Stream.of(
                new PulsarClientException.TimeoutException("no answer"),
                new PulsarClientException.LookupException("no broker"),
                new PulsarClientException.NotConnectedException(),
                new PulsarClientException(new ConnectException("refused")));
    }

    static Stream<Throwable> answers() {
        return Stream.of(
                new PulsarClientException.ProducerBusyException("busy"),
                new PulsarClientException.AuthorizationException("no"),
                Failures.explained("orders", new PulsarClientException.NotFoundException("missing")),
                new PulsarClientException(new PulsarClientException.ProducerBusyException("busy")),
                new IllegalArgumentException("bad"));
    }

    @ParameterizedTest
    @MethodSource("absences")
    void noBrokerWasReached(Throwable failure) {
        assertThat(Failures.isOfAbsence(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aBrokerHasAnswered(Throwable failure) {
        assertThat(Failures.isOfAbsence(failure)).isFalse();
    }
}
