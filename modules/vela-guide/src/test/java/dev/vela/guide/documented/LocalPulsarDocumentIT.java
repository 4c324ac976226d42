package dev.vela.guide.documented;

import dev.vela.local.LocalCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The snippet of docs/local-pulsar.md that README.md does not have. */
@Tag("full")
class LocalPulsarDocumentIT {

    @Test
    @Tag("full")
    void aClusterHasServersToKillOneByOne() {
        try (LocalCluster cluster = LocalCluster.builder().brokers(2).bookies(1).start()) {
            // cluster.serviceUrl() names all brokers; cluster.admin() asks one that lives
            cluster.ownerOf("orders").kill(); // after 6 s the other broker takes over
            cluster.bookie(0).freeze();
            cluster.zooKeeper().restart();
        }
    }
}
