package dev.vela.chaos;

import dev.vela.chaos.Promises.Wipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The topics of a run and the operations on them. No other run on the same cluster uses their namespaces. The main
 * topic and the single topic, which has no partitions, survive everything; the side topic is deleted and created again.
 * Thread-safe; blocks.
 */
final class Topics {

    static final int MAIN_PARTITIONS = 4;
    static final int SIDE_PARTITIONS = 2;

    private static final Pattern BOUNDARY = Pattern.compile("0x[0-9a-f]{8}");
    private static final Pattern PRODUCER = Pattern.compile("\"producerName\"\\s*:\\s*\"([^\"]+)\"");

    private final Admin admin;
    private final String mainSpace;
    private final String sideSpace;
    private final Queue<Wipe> wipes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger grown = new AtomicInteger();

    /**
     * Creates the names of topics that do not exist yet.
     *
     * @param run the number of the run on this cluster
     */
    Topics(Admin admin, int run) {
        this.admin = admin;
        this.mainSpace = "public/chaos-main-" + run;
        this.sideSpace = "public/chaos-side-" + run;
    }

    /** Returns the main topic. */
    String main() {
        return "persistent://" + mainSpace + "/main";
    }

    /** Returns a partition of the main topic, modulo its initial number of partitions. */
    String mainPartition(int partition) {
        return main() + "-partition-" + partition % MAIN_PARTITIONS;
    }

    /** Returns the topic without partitions. */
    String single() {
        return "persistent://" + mainSpace + "/single";
    }

    /** Returns the side topic. */
    String side() {
        return "persistent://" + sideSpace + "/side";
    }

    /** Returns a partition of the side topic, modulo its number of partitions. */
    String sidePartition(int partition) {
        return side() + "-partition-" + partition % SIDE_PARTITIONS;
    }

    /** Returns the topic that candidates compete for. */
    String led() {
        return topic(Candidate.TOPIC);
    }

    /** Returns another topic in the namespace of the main topic. */
    String topic(String name) {
        return "persistent://" + mainSpace + '/' + name;
    }

    private static String path(String topic) {
        return '/' + topic.replace("://", "/");
    }

    private String quota() {
        return "/namespaces/" + sideSpace + "/backlogQuota?backlogQuotaType=destination_storage";
    }

    /** Creates namespaces and topics. */
    void create(Setup setup) throws IOException, InterruptedException {
        for (String space : List.of(mainSpace, sideSpace)) {
            String namespace = "/namespaces/" + space;
            admin.put(namespace, "{}");
            admin.post(namespace + "/deduplication", Boolean.toString(setup.deduplication()));
            // Otherwise a producer that reconnects to a deleted partition would create a separate topic.
            admin.post(namespace + "/autoTopicCreation", "{\"allowAutoTopicCreation\":false}");
        }
        admin.put(path(main()) + "/partitions", Integer.toString(MAIN_PARTITIONS));
        admin.put(path(single()), "");
        createSide();
        if (setup.subject() == Subject.VELA) {
            admin.put(path(topic(RuntimesWorkload.HELD_TOPIC)), "");
        }
        if (setup.hasCandidates()) {
            admin.put(path(led()), "");
        }
        if (setup.has(Dimension.SCHEMAS)) {
            admin.put(path(topic(SchemaWorkload.TOPIC)), "");
        }
        if (setup.has(Dimension.TRANSACTIONS)) {
            admin.put(
                    path(topic(TransactionWorkload.TOPIC)) + "/partitions",
                    Integer.toString(TransactionWorkload.PARTITIONS));
        }
    }

    /** Returns all topics of a run that are read back. */
    List<String> all(Setup setup) {
        List<String> all = new ArrayList<>(List.of(main(), single(), side()));
        if (setup.hasCandidates()) {
            all.add(led());
        }
        if (setup.has(Dimension.SCHEMAS)) {
            all.add(topic(SchemaWorkload.TOPIC));
        }
        if (setup.has(Dimension.TRANSACTIONS)) {
            all.add(topic(TransactionWorkload.TOPIC));
        }
        return all;
    }

    private void createSide() throws IOException, InterruptedException {
        admin.put(path(side()) + "/partitions", Integer.toString(SIDE_PARTITIONS));
        // The subscription has no consumer, so every stored message is backlog.
        admin.put(path(side()) + "/subscription/backlog", "\"earliest\"");
    }

    void unloadSingle() throws IOException, InterruptedException {
        admin.attempt("PUT", path(single()) + "/unload");
    }

    void unloadMain(int partition) throws IOException, InterruptedException {
        admin.attempt("PUT", path(mainPartition(partition)) + "/unload");
    }

    /** Splits one bundle of the main topic's namespace, and unloads another. */
    void splitBundle(int which) throws IOException, InterruptedException {
        List<String> boundaries = new ArrayList<>();
        Matcher matcher = BOUNDARY.matcher(admin.get("/namespaces/" + mainSpace + "/bundles"));
        while (matcher.find()) {
            boundaries.add(matcher.group());
        }
        int bundles = boundaries.size() - 1;
        String namespace = "/namespaces/" + mainSpace + '/';
        try {
            admin.attempt("PUT", namespace + bundle(boundaries, which % bundles) + "/split");
        } finally {
            admin.attempt("PUT", namespace + bundle(boundaries, (which + 1) % bundles) + "/unload");
        }
    }

    private static String bundle(List<String> boundaries, int index) {
        return boundaries.get(index) + '_' + boundaries.get(index + 1);
    }

    void terminateSide(int partition) throws IOException, InterruptedException {
        admin.post(path(sidePartition(partition)) + "/terminate", "");
    }

    void deleteSide() throws IOException, InterruptedException {
        admin.delete(path(side()) + "/partitions?force=true");
    }

    /** Creates the side topic anew. Its messages are gone. */
    void recreateSide() throws IOException, InterruptedException {
        deleteSide();
        createSide();
        wipes.add(new Wipe(side(), System.currentTimeMillis()));
    }

    void exceedQuota() throws IOException, InterruptedException {
        admin.post(quota(), "{\"limitSize\":1,\"limitTime\":-1,\"policy\":\"producer_exception\"}");
    }

    void clearQuota() throws IOException, InterruptedException {
        admin.delete(quota());
    }

    /** Gives the side topic a schema, and makes brokers refuse producers without the schema. */
    void wantSchema() throws IOException, InterruptedException {
        admin.post("/schemas/" + sideSpace + "/side/schema", "{\"type\":\"STRING\",\"schema\":\"\",\"properties\":{}}");
        admin.post("/namespaces/" + sideSpace + "/schemaValidationEnforced", "true");
        admin.put(path(side()) + "/unload", "");
        // Producers that reconnected before the policy had reached all brokers are disconnected once more.
        TimeUnit.SECONDS.sleep(1);
        admin.put(path(side()) + "/unload", "");
    }

    void wantNoSchema() throws IOException, InterruptedException {
        admin.post("/namespaces/" + sideSpace + "/schemaValidationEnforced", "false");
    }

    /** Returns the names of the producers of a partition of the main topic. */
    List<String> producers(int partition) throws IOException, InterruptedException {
        return producersOf(mainPartition(partition));
    }

    /** Returns the name of the leading producer, if there is one. */
    List<String> producersOfLed() throws IOException, InterruptedException {
        return producersOf(led());
    }

    private List<String> producersOf(String topic) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        Matcher matcher = PRODUCER.matcher(admin.get(path(topic) + "/stats"));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Gives the main topic one more partition. */
    void growMain() throws IOException, InterruptedException {
        admin.post(path(main()) + "/partitions", Integer.toString(MAIN_PARTITIONS + grown.incrementAndGet()));
    }

    /** Returns the topics that have more partitions than initially. */
    Set<String> grown() {
        return grown.get() == 0 ? Set.of() : Set.of(main());
    }

    /** Returns the times at which the side topic was created anew. */
    List<Wipe> wipes() {
        return List.copyOf(wipes);
    }
}
