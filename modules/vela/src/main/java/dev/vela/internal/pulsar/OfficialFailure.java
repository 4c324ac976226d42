package dev.vela.internal.pulsar;

import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailure;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The failures by which an official producer says that it is closed or fenced, that its topic is terminated, or that a
 * message has timed out: code that was written for it catches these types.
 */
public final class OfficialFailure {
    private OfficialFailure() {}

    /**
     * Returns the failure of the official type if producers that are closed, fenced or terminated were the cause, or
     * else the given failure.
     */
    public static PulsarClientException of(PulsarClientException failure) {
        if (failure instanceof NoProducersAvailableException unavailable) {
            return of(unavailable, unavailable.outcome());
        }
        return failure instanceof ProducerDiedException died ? of(died, died.outcome()) : failure;
    }

    /** Returns the failure of the official type for a message that found no producer within its timeout. */
    public static PulsarClientException ofTimeout(NoProducersAvailableException failure) {
        return new TimedOut(failure);
    }

    private static PulsarClientException of(PulsarClientException failure, Outcome outcome) {
        Throwable cause = failure.getCause();
        if (cause instanceof PulsarClientException.AlreadyClosedException) {
            return new Closed(failure, outcome);
        }
        if (cause instanceof PulsarClientException.TopicTerminatedException) {
            return new Terminated(failure, outcome);
        }
        return cause instanceof PulsarClientException.ProducerFencedException ? new Fenced(failure, outcome) : failure;
    }

    private static final class Closed extends PulsarClientException.AlreadyClosedException implements SendFailure {
        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        Closed(PulsarClientException failure, Outcome outcome) {
            super(failure.getMessage());
            initCause(failure);
            this.outcome = outcome;
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }
    }

    private static final class Terminated extends PulsarClientException.TopicTerminatedException
            implements SendFailure {
        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        Terminated(PulsarClientException failure, Outcome outcome) {
            super(failure.getMessage());
            initCause(failure);
            this.outcome = outcome;
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }
    }

    private static final class Fenced extends PulsarClientException.ProducerFencedException implements SendFailure {
        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        Fenced(PulsarClientException failure, Outcome outcome) {
            super(failure.getMessage());
            initCause(failure);
            this.outcome = outcome;
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }
    }

    private static final class TimedOut extends PulsarClientException.TimeoutException implements SendFailure {
        private static final long serialVersionUID = 1L;

        TimedOut(NoProducersAvailableException failure) {
            super(failure.getMessage());
            initCause(failure);
        }

        @Override
        public Outcome outcome() {
            return Outcome.NOT_SENT;
        }
    }
}
