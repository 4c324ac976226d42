package dev.vela.bench;

import dev.vela.SupervisedProducer;
import org.apache.pulsar.client.api.Producer;

/** The way in which one thread sends a message and gets its answer. */
@FunctionalInterface
interface SendStyle {

    void send(byte[] payload, Receipts receipts);

    /** Collects the remaining answers. */
    default void finish(Receipts receipts) {}

    /** Sends with a future for each message. The future is checked when the window has wrapped around. */
    static SendStyle future(Producer<byte[]> producer, int window) {
        return new Held(window) {
            @Override
            public void send(byte[] payload, Receipts receipts) {
                futures.add(producer.sendAsync(payload), receipts);
            }
        };
    }

    /** Sends like {@link #future}, with the keys in turn. */
    static SendStyle keyed(Producer<byte[]> producer, int window, int different, int firstKey) {
        String[] keys = new String[different];
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

    /** Sends with a callback on each future. */
    static SendStyle dependent(Producer<byte[]> producer) {
        return (payload, receipts) -> producer.sendAsync(payload).whenComplete(receipts);
    }

    /** Sends with a callback instead of a future. */
    static SendStyle callback(SupervisedProducer<byte[]> producer) {
        return producer::sendAsync;
    }

    /** A style that keeps its futures in a window. */
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
