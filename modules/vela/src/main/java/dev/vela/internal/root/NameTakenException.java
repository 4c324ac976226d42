package dev.vela.internal.root;

import org.apache.pulsar.client.api.PulsarClientException;

/** A name is held by a child that has no handle: one that is being started, or is no producer. */
final class NameTakenException extends PulsarClientException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String name) {
        super("a child named " + name + " exists already");
    }
}
