package dev.vela.test;

import dev.vela.ProducerGroup;

/** A mock of a topic without partitions, or of a single partition. */
final class MockProducerGroup<T> extends MockSupervisedProducer<T> implements ProducerGroup<T> {
    MockProducerGroup(MockSettings<T> settings, Runnable whenStopped) {
        super(settings, whenStopped);
    }
}
