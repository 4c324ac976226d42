package dev.vela.smallrye;

import dev.vela.InFlightPolicy;
import dev.vela.SupervisedProducerBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * What the configuration of a channel says about its supervised producer.
 *
 * @param enabled whether it is supervised
 * @param inFlightPolicy empty for the default
 * @param producers for each partition; empty for the default
 */
record ChannelSettings(boolean enabled, Optional<InFlightPolicy> inFlightPolicy, Optional<Integer> producers) {
    private static final String PREFIX = "vela.";
    private static final String ENABLED = PREFIX + "enabled";
    private static final String IN_FLIGHT_POLICY = PREFIX + "in-flight-policy";
    private static final String PRODUCERS = PREFIX + "producers";
    private static final List<String> KNOWN = List.of(ENABLED, IN_FLIGHT_POLICY, PRODUCERS);

    /**
     * Reads the settings of a channel.
     *
     * @throws IllegalArgumentException if a value is not allowed, or a property under {@code vela.} is unknown; names the
     *     property
     */
    static ChannelSettings of(Config channel) {
        for (String name : channel.getPropertyNames()) {
            if (name.startsWith(PREFIX)
                    && KNOWN.stream().noneMatch(known -> dotted(known).equals(dotted(name)))) {
                throw new IllegalArgumentException("unknown property "
                        + channel.getConfigValue(name).getName() + "; known are " + String.join(", ", KNOWN));
            }
        }
        return new ChannelSettings(enabled(channel), inFlightPolicy(channel), producers(channel));
    }

    /** The name as an environment variable tells it, which has no dashes. */
    private static String dotted(String name) {
        return name.replace('-', '.');
    }

    void applyTo(SupervisedProducerBuilder<?, ?> builder) {
        inFlightPolicy.ifPresent(builder::inFlightPolicy);
        producers.ifPresent(builder::producers);
    }

    private static boolean enabled(Config channel) {
        ConfigValue property = channel.getConfigValue(ENABLED);
        String value = property.getValue();
        if (value == null || value.equals("true")) {
            return true;
        }
        if (value.equals("false")) {
            return false;
        }
        throw refusal(property, "true or false");
    }

    private static Optional<InFlightPolicy> inFlightPolicy(Config channel) {
        ConfigValue property = channel.getConfigValue(IN_FLIGHT_POLICY);
        String value = property.getValue();
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(InFlightPolicy.valueOf(value.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw refusal(property, "report or replay");
        }
    }

    private static Optional<Integer> producers(Config channel) {
        ConfigValue property = channel.getConfigValue(PRODUCERS);
        String value = property.getValue();
        if (value == null) {
            return Optional.empty();
        }
        try {
            int producers = Integer.parseInt(value);
            if (producers >= 1) {
                return Optional.of(producers);
            }
        } catch (NumberFormatException e) {
            throw refusal(property, "a whole number >= 1");
        }
        throw refusal(property, "a whole number >= 1");
    }

    private static IllegalArgumentException refusal(ConfigValue property, String rule) {
        return new IllegalArgumentException(
                property.getName() + " must be " + rule + ", was \"" + property.getValue() + '"');
    }
}
