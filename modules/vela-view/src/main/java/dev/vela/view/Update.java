package dev.vela.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is to show at some time.
 *
 * <p>Thread-safe: everything that is sent is made once, for all browsers.
 */
final class Update {

    private static final JsonMapper JSON = new JsonMapper();

    private final long version;
    private final String source;
    private final Instant time;
    private final Reading reading;
    private final @Nullable Problem problem;
    private final List<Marks.Span> marks;
    private final byte[] changes;
    private byte @Nullable [] all;

    /**
     * A source that does not answer.
     *
     * @param text why
     * @param since when the last answer came, or was first asked for
     */
    record Problem(String text, Instant since) {}

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
        ObjectNode answer = answer();
        reading.writeSince(before == null ? Reading.NOTHING : before.reading, answer);
        this.changes = bytes(answer);
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
    byte[] changes() {
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
