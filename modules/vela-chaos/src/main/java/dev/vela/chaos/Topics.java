package dev.vela.chaos;

import dev.vela.chaos.Terms.Wipe;
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
 * The two topics of a run, each in a namespace of its own, and what can be done to them. The main topic survives
 * everything; the side topic is deleted and made again. Thread-safe; blocks.
 */
final class Topics {

    static final String MAIN = "persistent://public/chaos-main/main";
    static final String SIDE = "persistent://public/chaos-side/side";
    static final int MAIN_PARTITIONS = 4;
    static final int SIDE_PARTITIONS = 2;

    private static final String MAIN_NAMESPACE = "/namespaces/public/chaos-main";
    private static final String SIDE_NAMESPACE = "/namespaces/public/chaos-side";
    private static final String MAIN_PATH = "/persistent/public/chaos-main/main";
    private static final String SIDE_PATH = "/persistent/public/chaos-side/side";
    private static final String QUOTA = SIDE_NAMESPACE + "/backlogQuota?backlogQuotaType=destination_storage";
    private static final Pattern BOUNDARY = Pattern.compile("0x[0-9a-f]{8}");
    private static final Pattern PRODUCER = Pattern.compile("\"producerName\"\\s*:\\s*\"([^\"]+)\"");

    private final Admin admin;
    private final Queue<Wipe> wipes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger grown = new AtomicInteger();

    Topics(Admin admin) {
        this.admin = admin;
    }

    void create(boolean deduplication) throws IOException, InterruptedException {
        for (String namespace : List.of(MAIN_NAMESPACE, SIDE_NAMESPACE)) {
            admin.put(namespace, "{}");
            admin.post(namespace + "/deduplication", Boolean.toString(deduplication));
            // Or a producer that reconnects to a deleted partition makes a topic of its own.
            admin.post(namespace + "/autoTopicCreation", "{\"allowAutoTopicCreation\":false}");
        }
        admin.put(MAIN_PATH + "/partitions", Integer.toString(MAIN_PARTITIONS));
        createSide();
    }

    private void createSide() throws IOException, InterruptedException {
        admin.put(SIDE_PATH + "/partitions", Integer.toString(SIDE_PARTITIONS));
        // Nobody reads it: what is stored is its backlog.
        admin.put(SIDE_PATH + "/subscription/backlog", "\"earliest\"");
    }

    void unloadMain(int partition) throws InterruptedException {
        admin.attempt("PUT", MAIN_PATH + "-partition-" + partition % MAIN_PARTITIONS + "/unload");
    }

    /** Splits one bundle of the main topic's namespace, and unloads another. */
    void splitBundle(int which) throws IOException, InterruptedException {
        List<String> boundaries = new ArrayList<>();
        Matcher matcher = BOUNDARY.matcher(admin.get(MAIN_NAMESPACE + "/bundles"));
        while (matcher.find()) {
            boundaries.add(matcher.group());
        }
        int bundles = boundaries.size() - 1;
        admin.attempt("PUT", MAIN_NAMESPACE + '/' + bundle(boundaries, which % bundles) + "/split");
        admin.attempt("PUT", MAIN_NAMESPACE + '/' + bundle(boundaries, (which + 1) % bundles) + "/unload");
    }

    private static String bundle(List<String> boundaries, int index) {
        return boundaries.get(index) + '_' + boundaries.get(index + 1);
    }

    void terminateSide(int partition) throws IOException, InterruptedException {
        admin.post(SIDE_PATH + "-partition-" + partition % SIDE_PARTITIONS + "/terminate", "");
    }

    void deleteSide() throws IOException, InterruptedException {
        admin.delete(SIDE_PATH + "/partitions?force=true");
    }

    /** Makes the side topic anew. What was in it is gone. */
    void recreateSide() throws IOException, InterruptedException {
        deleteSide();
        createSide();
        wipes.add(new Wipe(SIDE, System.currentTimeMillis()));
    }

    void exceedQuota() throws IOException, InterruptedException {
        admin.post(QUOTA, "{\"limitSize\":1,\"limitTime\":-1,\"policy\":\"producer_exception\"}");
    }

    void clearQuota() throws IOException, InterruptedException {
        admin.delete(QUOTA);
    }

    /** Gives the side topic a schema, and wants it of all who publish there: those without it are refused. */
    void wantSchema() throws IOException, InterruptedException {
        admin.post("/schemas/public/chaos-side/side/schema", "{\"type\":\"STRING\",\"schema\":\"\",\"properties\":{}}");
        admin.post(SIDE_NAMESPACE + "/schemaValidationEnforced", "true");
        admin.put(SIDE_PATH + "/unload", "");
        // Those that came back before the policy had got about are disconnected once more.
        TimeUnit.SECONDS.sleep(1);
        admin.put(SIDE_PATH + "/unload", "");
    }

    void wantNoSchema() throws IOException, InterruptedException {
        admin.post(SIDE_NAMESPACE + "/schemaValidationEnforced", "false");
    }

    /** The names of those who publish to a partition of the main topic. */
    List<String> producers(int partition) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        Matcher matcher =
                PRODUCER.matcher(admin.get(MAIN_PATH + "-partition-" + partition % MAIN_PARTITIONS + "/stats"));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Gives the main topic one more partition. */
    void growMain() throws IOException, InterruptedException {
        admin.post(MAIN_PATH + "/partitions", Integer.toString(MAIN_PARTITIONS + grown.incrementAndGet()));
    }

    /** The topics that have more partitions than they began with. */
    Set<String> grown() {
        return grown.get() == 0 ? Set.of() : Set.of(MAIN);
    }

    /** When the side topic was made anew. */
    List<Wipe> wipes() {
        return List.copyOf(wipes);
    }
}
