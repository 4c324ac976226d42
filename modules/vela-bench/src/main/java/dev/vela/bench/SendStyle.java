package dev.vela.bench;

import dev.vela.SupervisedProducer;
import org.apache.pulsar.client.api.Producer;

/** How one thread sends a message and learns its answer. */
@FunctionalInterface
interface SendStyle {

    void send(byte[] payload, Receipts receipts);

    /** Learns the answers that it does not know yet. */
    default void finish(Receipts receipts) {}

    /** With a future for each message, which is looked at as many messages later as the window has. */
    static SendStyle future(Producer<byte[]> producer, int window) {
        return new Held(window) {
            @Override
            public void send(byte[] payload, Receipts receipts) {
                futures.add(producer.sendAsync(payload), receipts);
            }
        };
    }

    /** The same, with one key after the other. */
    static SendStyle keyed(Producer<byte[]> producer, int window, int firstKey) {
        String[] keys = new String[Plan.KEYS];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "key-" + i;
        }
        return new Held(window) {
            private int key = firstKey;

            @Override
            public void send(byte[] payload, Receipts receipts) {
                futures.add(
                        producer.newMessage()
                                .key(keys[key++ % keys.length])
                                .value(payload)
                                .sendAsync(),
                        receipts);
            }
        };
    }

    /** With a callback on each future. */
    static SendStyle dependent(Producer<byte[]> producer) {
        return (payload, receipts) -> producer.sendAsync(payload).whenComplete(receipts);
    }

    /** With a callback in place of a future. */
    static SendStyle callback(SupervisedProducer<byte[]> producer) {
        return producer::sendAsync;
    }

    /** Keeps its futures in a window. */
    abstract class Held implements SendStyle {
        final Window futures;

        Held(int window) {
            this.futures = new Window(window);
        }

        @Override
        public void finish(Receipts receipts) {
            futures.finish(receipts);
        }
    }
}
