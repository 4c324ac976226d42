package dev.vela.bench;

import dev.vela.local.LocalAdmin;
import java.util.UUID;

/** The topic of one scenario: created for the scenario, and deleted in the end with all its messages. */
final class BenchTopic implements AutoCloseable {

    private final LocalAdmin admin;
    private final String name;

    private BenchTopic(LocalAdmin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    static BenchTopic create(Scenario scenario, LocalAdmin admin) {
        Scenario.Topic kind = scenario.topic();
        String name = nameFor(scenario);
        if (kind.partitions() > 0) {
            admin.createPartitionedTopic(name, kind.partitions());
        } else {
            admin.createTopic(name);
        }
        return new BenchTopic(admin, name);
    }

    /** Returns the full name of a topic that does not exist yet. */
    static String nameFor(Scenario scenario) {
        return scenario.topic().domain() + "://public/default/vela-bench-" + scenario.label() + '-' + UUID.randomUUID();
    }

    /** Returns the full name. */
    String name() {
        return name;
    }

    /**
     * Compares the broker's count of messages with the acknowledged messages.
     *
     * @throws IllegalStateException if the counts differ
     */
    void check(long acknowledged) {
        BrokerCount.check(admin.stats(name), acknowledged);
    }

    @Override
    public void close() {
        admin.deleteTopic(name, true);
    }
}
