package dev.vela.chaos;

import dev.vela.chaos.FaultProxy.Direction;
import dev.vela.chaos.FaultProxy.Passage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.PulsarClient;
import org.jspecify.annotations.Nullable;

/** Creates the faults of a schedule for a site, its topics and an application. */
final class FaultFactory {

    private static final Duration DELAY = Duration.ofMillis(150);
    private static final Duration CUT_PERIOD = Duration.ofMillis(500);
    private static final Duration UNLOAD_PERIOD = Duration.ofSeconds(1);

    private final Site site;
    private final Topics topics;
    private final ApplicationRuns application;
    private final PulsarClient rivals;
    private final @Nullable Candidates candidates;
    private final List<Sent> sentByRivals;

    /**
     * Creates a factory with the targets of the faults.
     *
     * @param rivals the client of rival producers
     * @param candidates the applications that compete for a topic, if any
     * @param sentByRivals receives the messages that rivals write
     */
    FaultFactory(
            Site site,
            Topics topics,
            ApplicationRuns application,
            PulsarClient rivals,
            @Nullable Candidates candidates,
            List<Sent> sentByRivals) {
        this.site = site;
        this.topics = topics;
        this.application = application;
        this.rivals = rivals;
        this.candidates = candidates;
        this.sentByRivals = sentByRivals;
    }

    Fault fault(Schedule.Entry entry) {
        int target = entry.target();
        return switch (entry.kind()) {
            case BROKER_KILLED -> Fault.of(() -> owner(target).kill(), site::mend);
            case BROKER_FROZEN, BROKER_PAUSED -> Fault.of(() -> owner(target).freeze(), site::mend);
            case BOOKIE_KILLED -> Fault.of(() -> pick(site.bookies(), target).kill(), site::mend);
            case ZOOKEEPER_FROZEN ->
                Fault.of(() -> pick(site.zooKeepers(), target).freeze(), site::mend);
            case TCP_CUT -> new RepeatedFault(CUT_PERIOD, n -> site.proxies().forEach(FaultProxy::cut));
            case TCP_DELAYED -> network(target, proxy -> proxy.delay(DELAY));
            case TCP_HELD -> network(target, proxy -> both(proxy, Passage.HELD));
            case TCP_HALF_OPEN -> network(target, proxy -> both(proxy, Passage.SWALLOWED));
            case RECEIPTS_LOST -> network(target, proxy -> proxy.set(Direction.TO_CLIENT, Passage.SWALLOWED));
            case TOPIC_UNLOADED ->
                new RepeatedFault(UNLOAD_PERIOD, n -> {
                    try {
                        topics.unloadMain(target + n);
                    } finally {
                        topics.unloadSingle();
                    }
                });
            case BUNDLE_SPLIT -> new RepeatedFault(UNLOAD_PERIOD, n -> topics.splitBundle(target + n));
            case TOPIC_TERMINATED -> Fault.of(() -> topics.terminateSide(target), topics::recreateSide);
            case TOPIC_DELETED -> Fault.of(topics::deleteSide, topics::recreateSide);
            case QUOTA_EXCEEDED -> Fault.of(topics::exceedQuota, topics::clearQuota);
            case RIVAL_FENCES -> new RivalFault(rivals, topics, application, target, RivalFault.Kind.FENCING);
            case RIVAL_HOLDS_NAME -> new RivalFault(rivals, topics, application, target, RivalFault.Kind.NAME);
            case SCHEMA_INCOMPATIBLE -> Fault.of(topics::wantSchema, topics::wantNoSchema);
            case TOKEN_EXPIRED -> Fault.of(this::expireToken, application::renewToken);
            case PARTITIONS_GROWN -> Fault.of(topics::growMain, () -> {});
            case APPLICATION_KILLED -> Fault.of(application::kill, application::start);
            case OVERSIZE -> applicationFault(ApplicationFault.OVERSIZE);
            case POISON -> applicationFault(ApplicationFault.POISON);
            case CALLBACKS_THROW -> applicationFault(ApplicationFault.CALLBACKS_THROW);
            case CALLBACKS_BLOCK -> applicationFault(ApplicationFault.CALLBACKS_BLOCK);
            case CALLBACKS_SEND -> applicationFault(ApplicationFault.CALLBACKS_SEND);
            case FLOOD -> applicationFault(ApplicationFault.FLOOD);
            case SHORT_LIVED_HANDLES -> applicationFault(ApplicationFault.SHORT_LIVED_HANDLES);
            case RUNTIMES_CLOSED -> applicationFault(ApplicationFault.RUNTIMES_CLOSED);
            case LEADER_CUT -> new LeaderCutFault(candidates());
            case RIVAL_LEADS -> new RivalLeadsFault(rivals, topics, candidates(), sentByRivals);
        };
    }

    private Candidates candidates() {
        return Objects.requireNonNull(candidates, "candidates");
    }

    private static <T> T pick(List<T> all, int target) {
        return all.get(target % all.size());
    }

    /**
     * Returns the broker that owns a partition of the main topic at the time of the call: a fault of a broker without
     * partitions would have no effect.
     */
    private int ownerIndex(int target) {
        return site.ownerOf(topics.mainPartition(target))
                .orElse(target % site.brokers().size());
    }

    private Server owner(int target) {
        return site.brokers().get(ownerIndex(target));
    }

    private Fault network(int target, Consumer<FaultProxy> trouble) {
        return Fault.of(
                () -> trouble.accept(site.proxies().get(ownerIndex(target))),
                () -> site.proxies().forEach(FaultProxy::heal));
    }

    /** Expires the token and cuts the connections: a broker checks the token only when a connection is made. */
    private void expireToken() throws IOException {
        application.expireToken();
        site.proxies().forEach(FaultProxy::cut);
    }

    private static void both(FaultProxy proxy, Passage passage) {
        proxy.set(Direction.TO_SERVER, passage);
        proxy.set(Direction.TO_CLIENT, passage);
    }

    private Fault applicationFault(ApplicationFault applicationFault) {
        return Fault.of(() -> application.begin(applicationFault), () -> application.end(applicationFault));
    }
}
