package dev.vela.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The results for machines, with the figures of each round: one JSON object on one line. */
final class JsonReport {

    private JsonReport() {}

    static void print(Machine machine, Plan plan, Results results, PrintWriter out) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("benchmark", "unbatched");
            write(machine, json);
            write(plan, json);
            json.writeObjectFieldStart("metrics");
            for (Metric metric : results.metrics()) {
                write(metric, results, json);
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        out.println(text);
        out.flush();
    }

    private static void write(Machine machine, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeNumberField("cores", machine.cores());
        json.writeStringField("system", machine.system());
        json.writeStringField("java", machine.java());
        json.writeStringField("pulsarClient", machine.pulsarClient());
        json.writeNumberField("maxHeapBytes", machine.maxHeapBytes());
        json.writeNumberField("loadAverageBefore", machine.loadAverage());
        json.writeEndObject();
    }

    private static void write(Plan plan, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("plan");
        json.writeNumberField("messageBytes", Plan.MESSAGE_BYTES);
        json.writeNumberField("rounds", plan.rounds());
        json.writeNumberField("warmupRounds", plan.warmupRounds());
        json.writeNumberField("seconds", plan.seconds());
        json.writeNumberField("rate", plan.rate());
        json.writeNumberField("outstanding", plan.outstanding());
        json.writeBooleanField("control", plan.control());
        json.writeEndObject();
    }

    private static void write(Metric metric, Results results, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(metric.name().toLowerCase(Locale.ROOT));
        json.writeStringField("unit", metric.unit());
        json.writeArrayFieldStart("official");
        for (Results.Pair pair : results.of(metric)) {
            json.writeNumber(pair.official());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("vela");
        for (Results.Pair pair : results.of(metric)) {
            json.writeNumber(pair.vela());
        }
        json.writeEndArray();
        Spread ratio = results.ratio(metric);
        json.writeNumberField("ratio", ratio.median());
        json.writeNumberField("ratioLeast", ratio.least());
        json.writeNumberField("ratioGreatest", ratio.greatest());
        if (!metric.asked().isEmpty()) {
            json.writeStringField("asked", metric.asked());
            json.writeBooleanField("met", metric.isMetBy(ratio.median()));
        }
        json.writeEndObject();
    }
}
