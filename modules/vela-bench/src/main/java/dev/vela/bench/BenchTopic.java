package dev.vela.bench;

import dev.vela.local.LocalAdmin;
import java.util.UUID;

/** The topic of one scenario: made for it, and deleted in the end with all that was sent. */
final class BenchTopic implements AutoCloseable {

    private final LocalAdmin admin;
    private final String name;

    private BenchTopic(LocalAdmin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    static BenchTopic create(Scenario scenario, LocalAdmin admin) {
        Scenario.Topic kind = scenario.topic();
        String name = kind.domain() + "://public/default/vela-bench-" + scenario.label() + '-' + UUID.randomUUID();
        if (kind.partitions() > 0) {
            admin.createPartitionedTopic(name, kind.partitions());
        } else {
            admin.createTopic(name);
        }
        return new BenchTopic(admin, name);
    }

    /** Its full name. */
    String name() {
        return name;
    }

    /**
     * Has the broker say how many messages came.
     *
     * @throws IllegalStateException if that is not what was acknowledged
     */
    void check(long acknowledged) {
        BrokerCount.check(admin.stats(name), acknowledged);
    }

    @Override
    public void close() {
        admin.deleteTopic(name, true);
    }
}
