package dev.vela.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What there is to show at some time.
 *
 * <p>Thread-safe. What is sent is made once, for all browsers, when the first one wants it.
 */
final class Update {

    private static final JsonMapper JSON = new JsonMapper();

    private final long version;
    private final String source;
    private final Instant time;
    private final Reading reading;
    private final @Nullable Problem problem;
    private final List<Marks.Span> marks;
    private @Nullable Reading before; // until the changes are made
    private byte @Nullable [] changes;
    private byte @Nullable [] all;

    /**
     * A source that does not answer.
     *
     * @param text why
     * @param since when the last answer came, or was first asked for
     * @param silent whether it is there all the same, and does not answer
     */
    record Problem(String text, Instant since, boolean silent) {}

    /** Creates the update that comes after the given one, or the first one. */
    Update(
            @Nullable Update before,
            String source,
            Instant time,
            Reading reading,
            @Nullable Problem problem,
            List<Marks.Span> marks) {
        this.version = before == null ? 1 : before.version + 1;
        this.source = source;
        this.time = time;
        this.reading = reading;
        this.problem = problem;
        this.marks = marks;
        this.before = before == null ? Reading.NOTHING : before.reading;
    }

    Instant time() {
        return time;
    }

    /** Counts up from 1. */
    long version() {
        return version;
    }

    Reading reading() {
        return reading;
    }

    @Nullable
    Problem problem() {
        return problem;
    }

    /** Returns what changed since the version before, as JSON. */
    synchronized byte[] changes() {
        if (changes == null) {
            ObjectNode answer = answer();
            reading.writeSince(Objects.requireNonNull(before), answer);
            changes = bytes(answer);
            before = null;
        }
        return changes;
    }

    /** Returns everything, as JSON. */
    synchronized byte[] all() {
        if (all == null) {
            all = allAfter(Map.of());
        }
        return all;
    }

    /** Returns everything but the events up to the given ones, as JSON. */
    byte[] allAfter(Map<String, Long> events) {
        ObjectNode answer = answer();
        reading.writeAll(answer, events);
        return bytes(answer);
    }

    private ObjectNode answer() {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("source", source);
        answer.put("time", time.toString());
        if (problem != null) {
            answer.put("problem", problem.text());
            answer.put("problemSince", problem.since().toString());
        }
        var list = answer.putArray("marks");
        for (Marks.Span span : marks) {
            ObjectNode mark = list.addObject();
            mark.put("id", span.id());
            mark.put("time", span.start().toString());
            if (span.end() != null) {
                mark.put("end", span.end().toString());
            }
            mark.put("label", span.label());
        }
        return answer;
    }

    private static byte[] bytes(ObjectNode answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
