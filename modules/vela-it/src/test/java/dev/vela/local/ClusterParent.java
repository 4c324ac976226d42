package dev.vela.local;

import java.io.IOException;

/** A JVM that has a local cluster, one of whose servers is frozen, and waits to be killed. */
final class ClusterParent {

    private ClusterParent() {}

    public static void main(String[] args) throws IOException {
        LocalCluster cluster = LocalCluster.builder().brokers(1).start();
        cluster.bookie(0).freeze();
        System.out.println(cluster.folder());
        System.in.read();
    }
}
