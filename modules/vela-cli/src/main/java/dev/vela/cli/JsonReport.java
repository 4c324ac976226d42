package dev.vela.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prints a {@link Report} for machines, as one JSON object on one line. Fields that require reading back are null
 * without it.
 */
final class JsonReport {

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final double TENTHS = 10.0;

    private JsonReport() {}

    static void print(Report report, PrintWriter out) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(report, json);
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        out.println(text);
        out.flush();
    }

    private static void write(Report report, JsonGenerator json) throws IOException {
        Tally.Counts counts = report.counts();
        Verdict verdict = report.verdict();
        json.writeStartObject();
        json.writeStringField("topic", report.topic());
        json.writeNumberField("published", counts.published());
        write(json, "verified", verdict, Verdict::verified);
        if (verdict == null || verdict.lost().isEmpty()) {
            json.writeNullField("lost");
        } else {
            json.writeNumberField("lost", verdict.lost().getAsLong());
        }
        write(json, "duplicated", verdict, Verdict::duplicated);
        write(json, "outOfOrder", verdict, Verdict::outOfOrder);
        write(json, "altered", verdict, Verdict::altered);
        write(json, "unexpected", verdict, Verdict::unexpected);
        json.writeNumberField("failed", counts.failed());
        json.writeNumberField("unknown", counts.unknown());
        json.writeNumberField("restarts", report.restarts());
        json.writeNumberField("messagesPerSecond", Math.round(counts.messagesPerSecond() * TENTHS) / TENTHS);
        json.writeNumberField("latencyP50Micros", report.latencyP50Micros());
        json.writeNumberField("latencyP99Micros", report.latencyP99Micros());
        json.writeObjectFieldStart("partitions");
        for (Map.Entry<String, Long> partition : report.partitions().entrySet()) {
            json.writeNumberField(partition.getKey(), partition.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, @Nullable Verdict verdict, ToLongFunction<Verdict> field)
            throws IOException {
        if (verdict == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, field.applyAsLong(verdict));
        }
    }
}
