package dev.vela.internal.pulsar;

import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.SendFailure;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The failures by which an official producer says that it is closed or fenced, or that its topic is terminated: code
 * that was written for it catches these types.
 */
public final class OfficialFailure {
    private OfficialFailure() {}

    /** Returns the failure of the official type for what was the first cause, or else the given failure. */
    public static PulsarClientException of(NoProducersAvailableException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof PulsarClientException.AlreadyClosedException) {
            return new Closed(failure);
        }
        if (cause instanceof PulsarClientException.TopicTerminatedException) {
            return new Terminated(failure);
        }
        if (cause instanceof PulsarClientException.ProducerFencedException) {
            return new Fenced(failure);
        }
        return failure;
    }

    private static final class Closed extends PulsarClientException.AlreadyClosedException implements SendFailure {
        private static final long serialVersionUID = 1L;

        Closed(NoProducersAvailableException failure) {
            super(failure.getMessage());
            initCause(failure);
        }

        @Override
        public Outcome outcome() {
            return Outcome.NOT_SENT;
        }
    }

    private static final class Terminated extends PulsarClientException.TopicTerminatedException
            implements SendFailure {
        private static final long serialVersionUID = 1L;

        Terminated(NoProducersAvailableException failure) {
            super(failure.getMessage());
            initCause(failure);
        }

        @Override
        public Outcome outcome() {
            return Outcome.NOT_SENT;
        }
    }

    private static final class Fenced extends PulsarClientException.ProducerFencedException implements SendFailure {
        private static final long serialVersionUID = 1L;

        Fenced(NoProducersAvailableException failure) {
            super(failure.getMessage());
            initCause(failure);
        }

        @Override
        public Outcome outcome() {
            return Outcome.NOT_SENT;
        }
    }
}
