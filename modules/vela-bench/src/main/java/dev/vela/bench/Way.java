package dev.vela.bench;

import dev.vela.SupervisedProducer;
import org.apache.pulsar.client.api.Producer;

/** How one thread sends a message and has its answer counted. */
@FunctionalInterface
interface Way {

    void send(byte[] payload, Receipts receipts);

    /** With a future for each message. */
    static Way future(Producer<byte[]> producer) {
        return (payload, receipts) -> producer.sendAsync(payload).whenComplete(receipts);
    }

    /** With a callback in its place. */
    static Way callback(SupervisedProducer<byte[]> producer) {
        return producer::sendAsync;
    }

    /** With one key after the other, and a future for each message. */
    static Way keyed(Producer<byte[]> producer, int firstKey) {
        String[] keys = new String[Plan.KEYS];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "key-" + i;
        }
        return new Way() {
            private int key = firstKey;

            @Override
            public void send(byte[] payload, Receipts receipts) {
                producer.newMessage()
                        .key(keys[key++ % keys.length])
                        .value(payload)
                        .sendAsync()
                        .whenComplete(receipts);
            }
        };
    }
}
