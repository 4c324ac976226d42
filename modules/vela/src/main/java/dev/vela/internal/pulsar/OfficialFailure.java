package dev.vela.internal.pulsar;

import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailure;
import java.util.Map;
import java.util.function.Function;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.PulsarClientException.AlreadyClosedException;
import org.apache.pulsar.client.api.PulsarClientException.AuthorizationException;
import org.apache.pulsar.client.api.PulsarClientException.ChecksumException;
import org.apache.pulsar.client.api.PulsarClientException.CryptoException;
import org.apache.pulsar.client.api.PulsarClientException.IncompatibleSchemaException;
import org.apache.pulsar.client.api.PulsarClientException.InvalidMessageException;
import org.apache.pulsar.client.api.PulsarClientException.NotAllowedException;
import org.apache.pulsar.client.api.PulsarClientException.ProducerBlockedQuotaExceededError;
import org.apache.pulsar.client.api.PulsarClientException.ProducerBlockedQuotaExceededException;
import org.apache.pulsar.client.api.PulsarClientException.ProducerFencedException;
import org.apache.pulsar.client.api.PulsarClientException.TimeoutException;
import org.apache.pulsar.client.api.PulsarClientException.TopicDoesNotExistException;
import org.apache.pulsar.client.api.PulsarClientException.TopicTerminatedException;

/**
 * The failures by which an official producer says why it did not send a message: code that was written for it catches
 * these types. Each has Vela's failure as its cause, and so its outcome.
 */
public final class OfficialFailure {
    private static final Map<Class<?>, Function<String, PulsarClientException>> TYPES = Map.ofEntries(
            Map.entry(AlreadyClosedException.class, AlreadyClosedException::new),
            Map.entry(AuthorizationException.class, AuthorizationException::new),
            Map.entry(ChecksumException.class, ChecksumException::new),
            Map.entry(CryptoException.class, CryptoException::new),
            Map.entry(IncompatibleSchemaException.class, IncompatibleSchemaException::new),
            Map.entry(InvalidMessageException.class, InvalidMessageException::new),
            Map.entry(NotAllowedException.class, NotAllowedException::new),
            Map.entry(ProducerBlockedQuotaExceededError.class, ProducerBlockedQuotaExceededError::new),
            Map.entry(ProducerBlockedQuotaExceededException.class, ProducerBlockedQuotaExceededException::new),
            Map.entry(ProducerFencedException.class, ProducerFencedException::new),
            Map.entry(TopicDoesNotExistException.class, TopicDoesNotExistException::new),
            Map.entry(TopicTerminatedException.class, TopicTerminatedException::new));

    private OfficialFailure() {}

    /** Returns a failure of the type that the client gave as the cause, or else the given failure. */
    public static PulsarClientException of(PulsarClientException failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof ProducerDiedException && cause instanceof AlreadyClosedException) {
            return failure; // the producer underneath was closed, and another one follows
        }
        Function<String, PulsarClientException> type = cause == null ? null : TYPES.get(cause.getClass());
        return type == null || !(failure instanceof SendFailure)
                ? failure
                : because(failure, type.apply(failure.getMessage()));
    }

    /** Returns the failure of the official type for a message that found no producer within its timeout. */
    public static PulsarClientException ofTimeout(NoProducersAvailableException failure) {
        return because(failure, new TimeoutException(failure.getMessage()));
    }

    private static PulsarClientException because(PulsarClientException failure, PulsarClientException official) {
        official.initCause(failure);
        return official;
    }
}
