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
 * The topics of a run, in namespaces of its own that no other run on the same cluster has, and what can be done to them.
 * The main topic and the single one, which has no partitions, survive everything; the side topic is deleted and made again.
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
     * Not there yet.
     *
     * @param run which run on this cluster they are for
     */
    Topics(Admin admin, int run) {
        this.admin = admin;
        this.mainSpace = "public/chaos-main-" + run;
        this.sideSpace = "public/chaos-side-" + run;
    }

    /** The main topic. */
    String main() {
        return "persistent://" + mainSpace + "/main";
    }

    /** One of its partitions, modulo how many it began with. */
    String mainPartition(int partition) {
        return main() + "-partition-" + partition % MAIN_PARTITIONS;
    }

    /** The topic without partitions. */
    String single() {
        return "persistent://" + mainSpace + "/single";
    }

    /** The side topic. */
    String side() {
        return "persistent://" + sideSpace + "/side";
    }

    /** One of its partitions, modulo how many it has. */
    String sidePartition(int partition) {
        return side() + "-partition-" + partition % SIDE_PARTITIONS;
    }

    /** The topic that candidates compete for. */
    String led() {
        return topic(Candidate.TOPIC);
    }

    /** One of the topics beside the main one, in the same namespace. */
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
            // Or a producer that reconnects to a deleted partition makes a topic of its own.
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

    /** All topics of a run that messages are read back from. */
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
        // Nobody reads it: what is stored is its backlog.
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

    /** Makes the side topic anew. What was in it is gone. */
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

    /** Gives the side topic a schema, and has producers without it refused. */
    void wantSchema() throws IOException, InterruptedException {
        admin.post("/schemas/" + sideSpace + "/side/schema", "{\"type\":\"STRING\",\"schema\":\"\",\"properties\":{}}");
        admin.post("/namespaces/" + sideSpace + "/schemaValidationEnforced", "true");
        admin.put(path(side()) + "/unload", "");
        // Those that came back before the policy had got about are disconnected once more.
        TimeUnit.SECONDS.sleep(1);
        admin.put(path(side()) + "/unload", "");
    }

    void wantNoSchema() throws IOException, InterruptedException {
        admin.post("/namespaces/" + sideSpace + "/schemaValidationEnforced", "false");
    }

    /** The names of the producers of a partition of the main topic. */
    List<String> producers(int partition) throws IOException, InterruptedException {
        return producersOf(mainPartition(partition));
    }

    /** The name of the producer that leads, if there is one. */
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

    /** The topics that have more partitions than they began with. */
    Set<String> grown() {
        return grown.get() == 0 ? Set.of() : Set.of(main());
    }

    /** When the side topic was made anew. */
    List<Wipe> wipes() {
        return List.copyOf(wipes);
    }
}
