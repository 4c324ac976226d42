package dev.vela.cli;

import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.ProducerAccessMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads option values from text. */
final class Conversions {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private Conversions() {}

    /** Reads a duration, such as {@code 200ms}, {@code 5s}, {@code 2m}. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 200ms, 5s or 2m");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** Returns a duration in the format that {@link #duration} reads. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }

    /** Returns the constant with this name, ignoring case, dashes and underscores. */
    static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> bare(constant.name()).equals(bare(text)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "))));
    }

    private static String bare(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** Reads durations. */
    static final class ToDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return duration(text);
        }
    }

    /** Reads access modes. */
    static final class ToAccessMode implements ITypeConverter<ProducerAccessMode> {
        @Override
        public ProducerAccessMode convert(String text) {
            return constant(ProducerAccessMode.class, text);
        }
    }

    /** Reads codecs. */
    static final class ToCompression implements ITypeConverter<CompressionType> {
        @Override
        public CompressionType convert(String text) {
            return constant(CompressionType.class, text);
        }
    }

    /** Reads policies for messages in flight. */
    static final class ToInFlightPolicy implements ITypeConverter<InFlightPolicy> {
        @Override
        public InFlightPolicy convert(String text) {
            return constant(InFlightPolicy.class, text);
        }
    }

    /** Reads key hashes. */
    static final class ToKeyHash implements ITypeConverter<KeyHash> {
        @Override
        public KeyHash convert(String text) {
            return constant(KeyHash.class, text);
        }
    }

    /** Reads formats of the input. */
    static final class ToFormat implements ITypeConverter<InputOptions.Format> {
        @Override
        public InputOptions.Format convert(String text) {
            return constant(InputOptions.Format.class, text);
        }
    }
}
