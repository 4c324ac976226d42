package dev.vela.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Reports the results for machines, with the figures of each round, as one JSON object on one line. */
final class JsonReport {

    private JsonReport() {}

    static String of(Machine machine, Plan plan, Results results) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart("ratios");
            for (Ratio key : results.measured(plan.keys())) {
                json.writeNumberField(key.label(), results.ratio(key).median());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("keys");
            for (Ratio key : results.measured(plan.keys())) {
                write(key, results.ratio(key), json);
            }
            json.writeEndObject();
            write(machine, json);
            write(plan, json);
            json.writeObjectFieldStart("scenarios");
            for (Scenario scenario : results.scenarios()) {
                write(scenario, results, json);
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return text.toString();
    }

    private static void write(Ratio key, Spread ratio, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(key.label());
        json.writeStringField("scenario", key.scenario().label());
        json.writeStringField("figure", key.figure().field());
        json.writeStringField("of", key.of().label());
        json.writeStringField("over", key.over().label());
        json.writeNumberField("median", ratio.median());
        json.writeNumberField("least", ratio.least());
        json.writeNumberField("greatest", ratio.greatest());
        json.writeNumberField(
                key.asked().least() ? "atLeast" : "atMost", key.asked().bound());
        json.writeBooleanField("met", key.asked().isMetBy(ratio.median()));
        json.writeEndObject();
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
        json.writeNumberField("rounds", plan.rounds());
        json.writeNumberField("warmupRounds", plan.warmupRounds());
        json.writeNumberField("seconds", plan.seconds());
        json.writeNumberField("outstanding", plan.outstanding());
        json.writeNumberField("outstandingUnbatched", Plan.OUTSTANDING_UNBATCHED);
        json.writeNumberField("batchMessages", Plan.BATCH_MESSAGES);
        json.writeNumberField("batchBytes", Plan.BATCH_BYTES);
        json.writeEndObject();
    }

    private static void write(Scenario scenario, Results results, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(scenario.label());
        json.writeStringField("topic", scenario.topic().domain());
        json.writeNumberField("partitions", scenario.topic().partitions());
        if (scenario.load().isIdle()) {
            json.writeNumberField("handles", scenario.load().handles());
        } else {
            json.writeNumberField("threads", scenario.load().threads());
            json.writeNumberField("messageBytes", scenario.load().messageBytes());
            json.writeNumberField("keys", scenario.load().keys());
        }
        if (scenario.load().isPaced()) {
            json.writeNumberField("rate", scenario.load().rate());
        }
        json.writeObjectFieldStart("rounds");
        for (Subject subject : scenario.subjects()) {
            json.writeArrayFieldStart(subject.label());
            for (Map<Figure, Double> round : results.of(scenario, subject)) {
                json.writeStartObject();
                for (Map.Entry<Figure, Double> figure : round.entrySet()) {
                    json.writeNumberField(figure.getKey().field(), figure.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
