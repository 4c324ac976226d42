package dev.vela.chaos;

import dev.vela.InFlightPolicy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the setup of publishing. The seed draws the options that are not given. */
final class SetupOptions {

    private static final int MOST_PRODUCERS = 16;
    private static final int LEAST_RATE = 10;
    private static final int MOST_RATE = 20_000;
    private static final String SWITCH = "on|off";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--subject",
            paramLabel = "WHO",
            description = "Who publishes: vela, or official for the official client. Default: vela.")
    private String subject = Subject.VELA.label();

    @Option(names = "--batching", paramLabel = SWITCH, description = "Default: as the seed draws.")
    private @Nullable String batching;

    @Option(
            names = "--deduplication",
            paramLabel = SWITCH,
            description = "Whether the broker deduplicates. Without it, or with chunking, duplicates are counted and"
                    + " allowed. Default: as the seed draws.")
    private @Nullable String deduplication;

    @Option(
            names = "--producers",
            paramLabel = "N",
            description = "How many for each partition. Default: as the seed draws, from 1 to 3.")
    private @Nullable Integer producers;

    @Option(
            names = "--in-flight",
            paramLabel = "report|replay",
            description =
                    "What becomes of messages in flight when their producer dies: they are answered as unknown, or"
                            + " sent again by its successor. Default: as the seed draws.")
    private @Nullable String inFlight;

    @Option(
            names = "--with",
            paramLabel = "DIMENSION",
            split = ",",
            description = "What is done beyond plain publishing: none, all (but standby), or some of chunking,"
                    + " encryption, size-limit, second-handle, fencing, standby, transactions, schemas; fencing and"
                    + " standby not together. Default: as the seed draws, each with a chance of one in three.")
    private @Nullable List<String> dimensions;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages a second, over all threads. Default: ${DEFAULT-VALUE}.")
    private int rate = 1_000;

    /** Returns the setup for these options and a seed. Invalid options are refused by name. */
    Setup setup(long seed) {
        check("--rate", rate, LEAST_RATE, MOST_RATE);
        Setup setup = Setup.draw(seed, subject(), rate);
        if (batching != null) {
            setup = setup.withBatching(isOn("--batching", batching));
        }
        if (deduplication != null) {
            setup = setup.withDeduplication(isOn("--deduplication", deduplication));
        }
        if (producers != null) {
            check("--producers", producers, 1, MOST_PRODUCERS);
            setup = setup.withProducers(producers);
        }
        if (inFlight != null) {
            setup = setup.withInFlight(policy(inFlight));
        }
        return dimensions == null ? setup : setup.withDimensions(dimensions(dimensions));
    }

    private Set<Dimension> dimensions(List<String> labels) {
        if (labels.equals(List.of("none"))) {
            return Set.of();
        }
        if (labels.equals(List.of("all"))) {
            return EnumSet.complementOf(EnumSet.of(Dimension.STANDBY));
        }
        Set<Dimension> on = EnumSet.noneOf(Dimension.class);
        for (String label : labels) {
            on.add(Stream.of(Dimension.values())
                    .filter(dimension -> dimension.label().equals(label))
                    .findAny()
                    .orElseThrow(() -> refusal("--with must be none, all, or some of "
                            + Stream.of(Dimension.values())
                                    .map(Dimension::label)
                                    .collect(Collectors.joining(", "))
                            + "; was " + label)));
        }
        if (on.contains(Dimension.FENCING) && on.contains(Dimension.STANDBY)) {
            throw refusal("--with must not have both fencing and standby, was " + String.join(",", labels));
        }
        return on;
    }

    /** Returns who publishes, or refuses an unknown name. */
    Subject subject() {
        for (Subject candidate : Subject.values()) {
            if (candidate.label().equals(subject)) {
                return candidate;
            }
        }
        throw refusal("--subject must be vela or official, was " + subject);
    }

    private boolean isOn(String option, String value) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw refusal(option + " must be on or off, was " + value);
        };
    }

    private InFlightPolicy policy(String label) {
        for (InFlightPolicy candidate : InFlightPolicy.values()) {
            if (Setup.label(candidate).equals(label)) {
                return candidate;
            }
        }
        throw refusal("--in-flight must be report or replay, was " + label);
    }

    private void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw refusal(option + " must be in [" + least + ", " + most + "], was " + value);
        }
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
