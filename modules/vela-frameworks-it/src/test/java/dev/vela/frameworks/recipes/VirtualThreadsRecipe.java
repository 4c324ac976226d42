package dev.vela.frameworks.recipes;

import dev.vela.SupervisedProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.pulsar.client.api.MessageId;

final class VirtualThreadsRecipe {
    private final SupervisedProducer<String> orders;

    VirtualThreadsRecipe(SupervisedProducer<String> orders) {
        this.orders = orders;
    }

    List<MessageId> placeAll(List<String> all, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        List<Future<MessageId>> sends = new ArrayList<>();
        for (String order : all) {
            sends.add(threads.submit(() -> orders.send(order))); // blocks its virtual thread only
        }
        List<MessageId> ids = new ArrayList<>();
        for (Future<MessageId> send : sends) {
            ids.add(send.get());
        }
        return ids;
    }
}
