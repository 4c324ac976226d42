package dev.vela;

/**
 * Implemented by every failure of a Vela send, to give its {@link Outcome}.
 *
 * <p>All implementations are also {@link org.apache.pulsar.client.api.PulsarClientException}s, and those with a
 * counterpart in the official client extend it, so that existing {@code catch} clauses keep working.
 */
public interface SendFailure {
    /** Whether the message is certainly not stored, or its fate is unknown. */
    Outcome outcome();
}
