package dev.vela.behaviour;

import static org.awaitility.Awaitility.await;

import dev.vela.local.LocalAdmin;
import dev.vela.local.LocalBroker;
import dev.vela.local.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A cluster of two brokers and one bookie, and topics of eight partitions, four on each broker. */
final class TwoBrokers implements AutoCloseable {
    static final int PARTITIONS = 8;

    private static final Duration LONG = Duration.ofMinutes(2);

    private final LocalCluster cluster = LocalCluster.builder()
            .brokers(2)
            .bookies(1)
            .readyWithin(Duration.ofMinutes(5))
            .start();

    String url() {
        return cluster.serviceUrl();
    }

    LocalBroker broker(int index) {
        return cluster.broker(index);
    }

    /** A fresh topic, half of which each broker owns. */
    String freshTopic(String prefix) {
        LocalAdmin admin = cluster.admin();
        while (true) {
            String topic = "persistent://public/default/" + Broker.freshName(prefix);
            admin.createPartitionedTopic(topic, PARTITIONS);
            Map<String, List<String>> bundles = new LinkedHashMap<>();
            partitions(topic)
                    .forEach(partition -> bundles.computeIfAbsent(admin.bundleOf(partition), b -> new ArrayList<>())
                            .add(partition));
            Optional<List<List<String>>> half = half(List.copyOf(bundles.values()));
            if (half.isPresent()) {
                bundles.values()
                        .forEach(bundle -> move(bundle.get(0), half.get().contains(bundle) ? 1 : 0));
                return topic;
            }
        }
    }

    /** Some of these bundles that have half of the partitions. */
    private static Optional<List<List<String>>> half(List<List<String>> bundles) {
        return IntStream.range(0, 1 << bundles.size())
                .mapToObj(chosen -> IntStream.range(0, bundles.size())
                        .filter(i -> (chosen >> i & 1) == 1)
                        .mapToObj(bundles::get)
                        .toList())
                .filter(some -> some.stream().mapToInt(List::size).sum() == PARTITIONS / 2)
                .findFirst();
    }

    private void move(String partition, int broker) {
        LocalBroker target = cluster.broker(broker);
        await().atMost(LONG).ignoreExceptions().until(() -> {
            if (!cluster.ownerOf(partition).equals(target)) {
                cluster.admin().moveBundle(partition, target.adminUrl());
            }
            return cluster.ownerOf(partition).equals(target);
        });
    }

    /** The partitions that a broker owns. */
    List<String> partitionsOf(int broker, String topic) {
        return partitions(topic).stream()
                .filter(partition -> cluster.ownerOf(partition).equals(cluster.broker(broker)))
                .toList();
    }

    private static List<String> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(i -> topic + "-partition-" + i)
                .toList();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
