package dev.vela;

/**
 * A {@link SupervisedProducer} of one topic, or one partition: N official producers behind one handle.
 *
 * @param <T> the type of its messages
 */
public interface ProducerGroup<T> extends SupervisedProducer<T> {}
