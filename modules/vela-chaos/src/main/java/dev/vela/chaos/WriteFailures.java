package dev.vela.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times at which brokers failed to write to a topic, according to their logs.
 *
 * <p>A broker that fails to write refuses the entries behind, closes the topic's producers, and opens the topic again.
 * In between, the broker may accept and store an entry of a producer that it is closing. With deduplication, the broker
 * then treats the refused entries as duplicates, and reports them as stored.
 */
final class WriteFailures {

    private static final Pattern LINE = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d),(\\d{3}).*\\[(\\S+?)(-partition-\\d+)?] Failed to persist msg in store.*");

    private final Map<String, NavigableSet<Long>> times = new HashMap<>(); // by topic, in milliseconds of the epoch

    /** Creates an object without failures. */
    WriteFailures() {}

    /** Reads the failures from the logs of brokers on this machine. */
    static WriteFailures in(List<Path> logs) throws IOException {
        WriteFailures found = new WriteFailures();
        for (Path log : logs) {
            try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    found.read(line);
                }
            }
        }
        return found;
    }

    /** Reads a line of a broker's log. */
    void read(String line) {
        if (!line.contains("Failed to persist")) {
            return;
        }
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            long second = LocalDateTime.parse(matcher.group(1))
                    .atZone(ZoneId.systemDefault())
                    .toInstant()
                    .toEpochMilli();
            times.computeIfAbsent(matcher.group(3), topic -> new TreeSet<>())
                    .add(second + Integer.parseInt(matcher.group(2)));
        }
    }

    /** Whether a broker failed to write to the topic, or to one of its partitions, in this period. */
    boolean isAny(String topic, long fromMillis, long toMillis) {
        NavigableSet<Long> ofTopic = times.get(topic);
        Long next = ofTopic == null ? null : ofTopic.ceiling(fromMillis);
        return next != null && next <= toMillis;
    }
}
