package dev.vela.internal.pulsar;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** Interprets the official client's failures, for a producer and for a message. */
public final class Failures {
    private static final String HELD_BY = "existing exclusive producer: ";

    private Failures() {}

    /** The meaning of a failure for the producer that it came from. */
    public enum Meaning {
        /** Closed, failed or gone: start another producer. */
        DEAD,
        /** Another producer took over: stay down. */
        FENCED,
        /** The topic accepts no more messages: stay down. */
        TERMINATED,
        /** Schema, authorization or configuration: stay down, retry slowly. */
        REFUSED,
        /** The client's memory is full: retry the same message later. */
        FULL,
        /**
         * Concerns only the message, which was refused; whether it is certainly not stored depends on which side
         * refused it, and when.
         */
        MESSAGE,
        /** Temporary, as far as the producer is concerned. */
        PASSING
    }

    /** The meaning of a send's failure for the producer that it came from. */
    public static Meaning ofSend(Throwable answer) {
        Throwable failure = Refusal.reason(answer);
        if (failure instanceof PulsarClientException.MemoryBufferIsFullError) {
            return Meaning.FULL;
        }
        if (failure instanceof PulsarClientException.ProducerFencedException) {
            return Meaning.FENCED;
        }
        if (failure instanceof PulsarClientException.TopicTerminatedException) {
            return Meaning.TERMINATED;
        }
        if (failure instanceof PulsarClientException.AlreadyClosedException
                || failure instanceof PulsarClientException.NotConnectedException
                || failure instanceof PulsarClientException.TopicDoesNotExistException) {
            return Meaning.DEAD;
        }
        if (failure instanceof PulsarClientException.InvalidMessageException
                || failure instanceof PulsarClientException.NotAllowedException
                || failure instanceof PulsarClientException.IncompatibleSchemaException
                || failure instanceof PulsarClientException.CryptoException
                || failure instanceof PulsarClientException.ChecksumException) {
            return Meaning.MESSAGE;
        }
        return Meaning.PASSING;
    }

    /**
     * Whether a send failed because application code threw while the client encrypted the entry, so that the entry was
     * not sent. The client wraps this exception like later failures of an entry in its queue, so only the stack trace
     * tells them apart.
     */
    public static boolean isOfEncryption(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getClass() == PulsarClientException.class
                && cause != null
                && Arrays.stream(cause.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("encryptMessage"));
    }

    /**
     * Whether the client refused an entry that is in its queue and stays there: the client checks the size of an entry
     * with another schema after it registers the schema, and fails to remove the entry. It may still send the entry,
     * and send all entries behind it twice.
     */
    public static boolean breaksTheQueue(Throwable answer) {
        return answer instanceof PulsarClientException.InvalidMessageException;
    }

    /** Whether the client failed all entries in its queue because its reconnect was refused, though it keeps trying. */
    public static boolean emptiesTheQueue(Throwable answer) {
        return answer instanceof PulsarClientException.ProducerBlockedQuotaExceededException
                || answer instanceof PulsarClientException.ProducerBlockedQuotaExceededError;
    }

    /** Whether a refusal comes before the client first sends an entry, no matter how often it connected before. */
    public static boolean precedesSending(Throwable answer) {
        return answer instanceof Refusal || answer instanceof PulsarClientException.IncompatibleSchemaException;
    }

    /** Whether a send's failure says that its producer will never send again. */
    public static boolean isDeath(Throwable failure) {
        return switch (ofSend(failure)) {
            case DEAD, FENCED, TERMINATED -> true;
            case REFUSED, FULL, MESSAGE, PASSING -> false;
        };
    }

    /** Whether a failure says that the topic does not exist. */
    public static boolean isOfMissingTopic(Throwable failure) {
        return failure instanceof PulsarClientException.TopicDoesNotExistException
                || failure instanceof PulsarClientException.NotFoundException;
    }

    /**
     * Adds the reason if the topic is missing, since the broker's text is often empty then. Keeps the client's exception
     * class and text.
     */
    public static Throwable explained(String topic, Throwable failure) {
        if (!isOfMissingTopic(failure)) {
            return failure;
        }
        String message = topic + " does not exist, or its namespace does not: " + failure.getMessage();
        PulsarClientException missing = failure instanceof PulsarClientException.TopicDoesNotExistException
                ? new PulsarClientException.TopicDoesNotExistException(message)
                : new PulsarClientException.NotFoundException(message);
        missing.initCause(failure);
        return missing;
    }

    /**
     * Whether exclusive access was refused because a producer of the given name has it. The broker says so only in its
     * message text.
     *
     * @param name the name of the refused producer
     */
    public static boolean isRefusedFor(String name, Throwable failure) {
        String text = failure.getMessage();
        int at = text == null ? -1 : text.indexOf(HELD_BY);
        if (text == null || at < 0 || !text.startsWith(name, at + HELD_BY.length())) {
            return false;
        }
        int end = at + HELD_BY.length() + name.length();
        return end == text.length() || "\", \n".indexOf(text.charAt(end)) >= 0;
    }

    /** The meaning of a failed creation for the producer; never {@code FULL} or {@code MESSAGE}. */
    public static Meaning ofCreation(Throwable failure) {
        if (failure instanceof PulsarClientException.ProducerFencedException) {
            return Meaning.FENCED;
        }
        if (failure instanceof PulsarClientException.TopicTerminatedException) {
            return Meaning.TERMINATED;
        }
        boolean refused = failure instanceof PulsarClientException.IncompatibleSchemaException
                || failure instanceof PulsarClientException.AuthorizationException
                || failure instanceof PulsarClientException.AuthenticationException
                || failure instanceof PulsarClientException.GettingAuthenticationDataException
                || failure instanceof PulsarClientException.UnsupportedAuthenticationException
                || failure instanceof PulsarClientException.InvalidConfigurationException
                || failure instanceof PulsarClientException.InvalidServiceURL
                || failure instanceof PulsarClientException.InvalidTopicNameException
                || failure instanceof PulsarClientException.NotSupportedException
                || failure instanceof PulsarClientException.NotAllowedException
                || failure instanceof PulsarClientException.CryptoException
                || failure instanceof IllegalArgumentException;
        return refused ? Meaning.REFUSED : Meaning.PASSING;
    }

    /** Whether a look-up or a creation failed because no broker could be reached. */
    public static boolean isOfAbsence(Throwable failure) {
        return failure instanceof PulsarClientException.TimeoutException
                || failure instanceof PulsarClientException.ConnectException
                || failure instanceof PulsarClientException.NotConnectedException
                || failure instanceof PulsarClientException.LookupException
                || isOfNetwork(failure.getCause());
    }

    /** The client's own exceptions are of the same type as those of the network. */
    private static boolean isOfNetwork(@Nullable Throwable cause) {
        return cause instanceof IOException && !(cause instanceof PulsarClientException);
    }

    /** The failure of a failed future, without wrappers; null if the future is pending or succeeded. */
    public static @Nullable Throwable of(CompletableFuture<?> future) {
        if (!future.isCompletedExceptionally()) {
            return null;
        }
        try {
            future.join();
            return null;
        } catch (RuntimeException e) {
            return unwrap(e);
        }
    }

    /** The failure without the wrappers that futures add. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
