package dev.vela.internal.pulsar;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** What the official client's failures mean for a producer and for a message. */
public final class Failures {
    private static final String HELD_BY = "existing exclusive producer: ";

    private Failures() {}

    /** What a failure means for the producer that it came from. */
    public enum Meaning {
        /** Closed, failed or gone: start another one. */
        DEAD,
        /** Another producer took over: stay down. */
        FENCED,
        /** The topic takes nothing any more: stay down. */
        TERMINATED,
        /** Schema, authorization or configuration: stay down, try again slowly. */
        REFUSED,
        /** The client's memory is full: try the same message again later. */
        FULL,
        /** Concerns the message alone, which was refused; whether it is certainly not stored hangs on who refused it when. */
        MESSAGE,
        /** Passing, as far as the producer is concerned. */
        PASSING
    }

    /** What a send's failure means for the producer that it came from. */
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
     * Whether a send failed by what code of the application's threw while the client encrypted the entry, so that it did not
     * leave. The client wraps it as it wraps what fails once the entry is in its queue, so only the trace tells.
     */
    public static boolean isOfEncryption(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getClass() == PulsarClientException.class
                && cause != null
                && Arrays.stream(cause.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("encryptMessage"));
    }

    /**
     * Whether the client refused an entry that is in its queue, and stays there: it checks the size of what bears another
     * schema once that is registered, and fails to take it out. It may yet send it, and all that is behind it twice.
     */
    public static boolean breaksTheQueue(Throwable answer) {
        return answer instanceof PulsarClientException.InvalidMessageException;
    }

    /** Whether the client failed all that was in its queue, since its reconnect was refused, though it goes on trying. */
    public static boolean emptiesTheQueue(Throwable answer) {
        return answer instanceof PulsarClientException.ProducerBlockedQuotaExceededException
                || answer instanceof PulsarClientException.ProducerBlockedQuotaExceededError;
    }

    /** Whether a refusal comes before the client first sends an entry, however often it connected before. */
    public static boolean precedesSending(Throwable answer) {
        return answer instanceof Refusal || answer instanceof PulsarClientException.IncompatibleSchemaException;
    }

    /** Whether a send's failure says that the producer that it came from will never send again. */
    public static boolean isDeath(Throwable failure) {
        return switch (ofSend(failure)) {
            case DEAD, FENCED, TERMINATED -> true;
            case REFUSED, FULL, MESSAGE, PASSING -> false;
        };
    }

    /** Whether a failure says that the topic is not there. */
    public static boolean isOfMissingTopic(Throwable failure) {
        return failure instanceof PulsarClientException.TopicDoesNotExistException
                || failure instanceof PulsarClientException.NotFoundException;
    }

    /**
     * Whether exclusive access was refused since a producer of that name has it. The broker says so in its text alone.
     *
     * @param name of the producer that was refused
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

    /** What it means for a producer that it could not be created; never {@code FULL} or {@code MESSAGE}. */
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

    /** The failure of a future that has one already, without wrappers; null if it is pending or succeeded. */
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
