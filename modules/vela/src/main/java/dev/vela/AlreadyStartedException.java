package dev.vela;

import java.util.Objects;
import org.apache.pulsar.client.api.PulsarClientException;

/** This runtime already has a live producer of the same name, see {@link #existing()}. */
public final class AlreadyStartedException extends PulsarClientException {
    private static final long serialVersionUID = 1L;

    private final transient SupervisedProducer<?> existing;

    /** Creates a refusal that carries the producer that holds the name. */
    public AlreadyStartedException(SupervisedProducer<?> existing) {
        super("a producer named " + Objects.requireNonNull(existing, "existing").name() + " is started already, on "
                + existing.getTopic());
        this.existing = existing;
    }

    /** The producer that holds the name; null in an exception that was serialized. */
    public SupervisedProducer<?> existing() {
        return existing;
    }
}
