package dev.vela.spring;

import dev.vela.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator endpoint {@code vela}: the supervised producers of all runtimes, or those of one name, and their restart.
 *
 * <p>Thread-safe. Never blocks on I/O.
 */
@Endpoint(id = "vela")
public final class VelaEndpoint {
    private final VelaRuntimes runtimes;

    /** Creates the endpoint. */
    public VelaEndpoint(VelaRuntimes runtimes) {
        this.runtimes = runtimes;
    }

    /** What can be done to a producer. */
    public enum Action {
        /** Its producers that are down are restarted. Those that are alive, or coming back, are not touched. */
        RESTART
    }

    /**
     * Supervised producers.
     *
     * @param runtimes what is pending in each runtime, by the name of its client's bean
     * @param producers the producers
     */
    public record Description(Map<String, RuntimeDescription> runtimes, List<ProducerDescription> producers) {}

    /**
     * A runtime.
     *
     * @param pendingMessages messages accepted and not answered, over all producers
     * @param pendingBytes the size of those messages
     */
    public record RuntimeDescription(long pendingMessages, long pendingBytes) {}

    /**
     * A supervised producer.
     *
     * @param runtime the name of its runtime: that of its client's bean
     * @param name its name in the runtime
     * @param topic the topic, without partition
     * @param state its state, as {@link dev.vela.HandleState} has it
     * @param since when it came to this state
     * @param lastCause the last failure of it, or of what is under it; null if there was none
     * @param restarts how often it was restarted as a whole
     * @param partitions how many partitions messages are routed to; 0 for a topic without partitions
     * @param groups its groups, in partition order
     */
    public record ProducerDescription(
            String runtime,
            String name,
            String topic,
            String state,
            String since,
            @Nullable String lastCause,
            int restarts,
            int partitions,
            List<GroupDescription> groups) {}

    /**
     * The group of a topic or partition.
     *
     * @param topic the topic or the partition's topic
     * @param state its state
     * @param restarts how often it was restarted as a whole
     * @param waiting messages that wait for an official producer
     * @param pendingMessages messages accepted and not answered
     * @param pendingBytes the size of those messages
     * @param producers its official producers
     */
    public record GroupDescription(
            String topic,
            String state,
            int restarts,
            int waiting,
            long pendingMessages,
            long pendingBytes,
            List<OfficialDescription> producers) {}

    /**
     * An official producer.
     *
     * @param name its name at the broker
     * @param state its state, as {@link dev.vela.ProducerState} has it
     * @param lastCause why it last died or was refused; null if it never did
     * @param restarts how often it was restarted
     * @param inFlight messages that were sent and have no receipt yet
     */
    public record OfficialDescription(
            String name, String state, @Nullable String lastCause, int restarts, int inFlight) {}

    /** All supervised producers. */
    @ReadOperation
    public Description all() {
        return describe(runtimes.handles());
    }

    /**
     * The supervised producers of a name, one in each runtime at most; null if there is none.
     *
     * @param name the name, with or without the scheme {@code persistent://}; after the runtime's name, or alone for all
     *     runtimes
     */
    @ReadOperation
    public @Nullable Description one(@Selector(match = Match.ALL_REMAINING) String[] name) {
        List<VelaRuntimes.Handle> named = named(name);
        return named.isEmpty() ? null : describe(named);
    }

    /**
     * Acts on the producers of a name, and describes them as they are then: what was asked for may take a while.
     *
     * @param name the name, as for {@link #one}
     * @param action what to do
     * @throws InvalidEndpointRequestException if there is none of this name, or if it was stopped meanwhile
     */
    @WriteOperation
    public Description act(@Selector(match = Match.ALL_REMAINING) String[] name, Action action) {
        List<VelaRuntimes.Handle> named = named(name);
        boolean isDone = false;
        for (VelaRuntimes.Handle handle : named) {
            isDone |= switch (action) {
                case RESTART -> handle.restart();
            };
        }
        if (!isDone) {
            throw unknown(name);
        }
        return describe(named(name));
    }

    private static InvalidEndpointRequestException unknown(String[] name) {
        return new InvalidEndpointRequestException(
                "name must be that of a supervised producer, was " + String.join("/", name), "unknown name");
    }

    private List<VelaRuntimes.Handle> named(String[] path) {
        String asked = path(String.join("/", path));
        return runtimes.handles().stream()
                .filter(handle -> {
                    String name = path(handle.snapshot().name());
                    return name.equals(asked) || (handle.runtime() + "/" + name).equals(asked);
                })
                .toList();
    }

    /**
     * A name as a path has it: without the scheme of most topics, and without double slashes, which servers merge. A
     * space is before the topic of a producer with an official name.
     */
    static String path(String name) {
        return name.replaceAll("/+", "/").replaceFirst("(^|[/ ])persistent:/", "$1");
    }

    private Description describe(List<VelaRuntimes.Handle> handles) {
        Map<String, RuntimeDescription> described = new LinkedHashMap<>();
        runtimes.all().forEach((name, vela) -> {
            Snapshot snapshot = vela.snapshot();
            described.put(name, new RuntimeDescription(snapshot.pendingMessages(), snapshot.pendingBytes()));
        });
        return new Description(
                described, handles.stream().map(VelaEndpoint::describe).toList());
    }

    private static ProducerDescription describe(VelaRuntimes.Handle handle) {
        Snapshot.Topic topic = handle.snapshot();
        return new ProducerDescription(
                handle.runtime(),
                topic.name(),
                topic.topic(),
                topic.state().name(),
                topic.since().toString(),
                HandleHealth.lastCause(topic),
                topic.restarts(),
                topic.partitions(),
                topic.groups().stream().map(VelaEndpoint::describe).toList());
    }

    private static GroupDescription describe(Snapshot.Group group) {
        return new GroupDescription(
                group.topic(),
                group.state().name(),
                group.restarts(),
                group.waiting(),
                group.pendingMessages(),
                group.pendingBytes(),
                group.producers().stream()
                        .map(producer -> new OfficialDescription(
                                producer.name(),
                                producer.state().name(),
                                producer.lastCause().map(Snapshot::causeText).orElse(null),
                                producer.restarts(),
                                producer.inFlight()))
                        .toList());
    }
}
