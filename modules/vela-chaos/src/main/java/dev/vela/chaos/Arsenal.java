package dev.vela.chaos;

import dev.vela.chaos.FaultProxy.Direction;
import dev.vela.chaos.FaultProxy.Passage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.PulsarClient;

/** Makes the faults of a schedule for a site, its topics and an application. */
final class Arsenal {

    private static final Duration DELAY = Duration.ofMillis(150);
    private static final Duration CUT_PERIOD = Duration.ofMillis(500);
    private static final Duration UNLOAD_PERIOD = Duration.ofSeconds(1);

    private final Site site;
    private final Topics topics;
    private final Lives application;
    private final PulsarClient rivals;

    /**
     * All that faults are done to.
     *
     * @param rivals the client of rival producers
     */
    Arsenal(Site site, Topics topics, Lives application, PulsarClient rivals) {
        this.site = site;
        this.topics = topics;
        this.application = application;
        this.rivals = rivals;
    }

    Fault fault(Schedule.Entry entry) {
        int target = entry.target();
        return switch (entry.kind()) {
            case BROKER_KILLED -> killed(pick(site.brokers(), target));
            case BROKER_FROZEN, BROKER_PAUSED -> frozen(pick(site.brokers(), target));
            case BOOKIE_KILLED -> killed(pick(site.bookies(), target));
            case ZOOKEEPER_FROZEN -> frozen(pick(site.zooKeepers(), target));
            case TCP_CUT -> new RepeatedFault(CUT_PERIOD, n -> site.proxies().forEach(FaultProxy::cut));
            case TCP_DELAYED -> network(target, proxy -> proxy.delay(DELAY));
            case TCP_HELD -> network(target, proxy -> both(proxy, Passage.HELD));
            case TCP_HALF_OPEN -> network(target, proxy -> both(proxy, Passage.SWALLOWED));
            case RECEIPTS_LOST -> network(target, proxy -> proxy.set(Direction.TO_CLIENT, Passage.SWALLOWED));
            case TOPIC_UNLOADED -> new RepeatedFault(UNLOAD_PERIOD, n -> topics.unloadMain(target + n));
            case BUNDLE_SPLIT -> new RepeatedFault(UNLOAD_PERIOD, n -> topics.splitBundle(target + n));
            case TOPIC_TERMINATED -> Fault.of(() -> topics.terminateSide(target), topics::recreateSide);
            case TOPIC_DELETED -> Fault.of(topics::deleteSide, topics::recreateSide);
            case QUOTA_EXCEEDED -> Fault.of(topics::exceedQuota, topics::clearQuota);
            case RIVAL_FENCES -> new RivalFault(rivals, topics, target, RivalFault.Weapon.FENCING);
            case RIVAL_HOLDS_NAME -> new RivalFault(rivals, topics, target, RivalFault.Weapon.NAME);
            case SCHEMA_INCOMPATIBLE -> Fault.of(topics::wantSchema, topics::wantNoSchema);
            case TOKEN_EXPIRED -> Fault.of(this::expireToken, application::renewToken);
            case PARTITIONS_GROWN -> Fault.of(topics::growMain, () -> {});
            case APPLICATION_KILLED -> Fault.of(application::kill, application::start);
            case OVERSIZE -> mischief(Mischief.OVERSIZE);
            case POISON -> mischief(Mischief.POISON);
            case CALLBACKS_THROW -> mischief(Mischief.CALLBACKS_THROW);
            case CALLBACKS_BLOCK -> mischief(Mischief.CALLBACKS_BLOCK);
            case CALLBACKS_SEND -> mischief(Mischief.CALLBACKS_SEND);
            case FLOOD -> mischief(Mischief.FLOOD);
        };
    }

    private static <T> T pick(List<T> all, int target) {
        return all.get(target % all.size());
    }

    private Fault killed(Server server) {
        return Fault.of(server::kill, site::mend);
    }

    private Fault frozen(Server server) {
        return Fault.of(server::freeze, site::mend);
    }

    private Fault network(int target, Consumer<FaultProxy> trouble) {
        FaultProxy proxy = pick(site.proxies(), target);
        return Fault.of(() -> trouble.accept(proxy), proxy::heal);
    }

    /** A broker asks for the token when a connection is made. */
    private void expireToken() throws IOException {
        application.expireToken();
        site.proxies().forEach(FaultProxy::cut);
    }

    private static void both(FaultProxy proxy, Passage passage) {
        proxy.set(Direction.TO_SERVER, passage);
        proxy.set(Direction.TO_CLIENT, passage);
    }

    private Fault mischief(Mischief mischief) {
        return Fault.of(() -> application.begin(mischief), () -> application.end(mischief));
    }
}
