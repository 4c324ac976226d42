package dev.vela.local;

import java.util.List;

/** The role of a server process: its main class, and its default memory, which the caller may override. */
enum ServerRole {
    /** Broker, bookie and metadata store in one. */
    STANDALONE("StandaloneServer", 768, 512),
    ZOOKEEPER("ZooKeeperServer", 128, 64),
    BOOKIE("BookieServer", 256, 256),
    BROKER("BrokerServer", 384, 512);

    private final String mainClass;
    private final int heapMegabytes;
    private final int directMegabytes;

    ServerRole(String mainClass, int heapMegabytes, int directMegabytes) {
        this.mainClass = "dev.vela.local.server." + mainClass;
        this.heapMegabytes = heapMegabytes;
        this.directMegabytes = directMegabytes;
    }

    String mainClass() {
        return mainClass;
    }

    List<String> jvmOptions() {
        return List.of("-Xmx" + heapMegabytes + 'm', "-XX:MaxDirectMemorySize=" + directMegabytes + 'm');
    }
}
