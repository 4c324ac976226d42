package dev.vela.chaos;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reports a run for machines, as one JSON object on one line. */
final class JsonReport {

    private JsonReport() {}

    static String of(Plan plan, Findings findings) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            write(findings.verdict(), json);
            write(plan, json);
            json.writeArrayFieldStart("faults");
            for (int i = 0; i < findings.injectedFaults().size(); i++) {
                write(
                        findings.injectedFaults().get(i),
                        findings.effects().get(i),
                        findings.recoveries().get(i),
                        json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("vitals");
            for (Vitals vitals : findings.vitals()) {
                write(vitals, json);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("causes");
            for (Map.Entry<String, Long> cause : findings.causes().entrySet()) {
                json.writeNumberField(cause.getKey(), cause.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("examples");
            for (String example : findings.verdict().examples()) {
                json.writeString(example);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return text.toString();
    }

    /** Reports a run that reached no verdict. */
    static String ofFailure(long seed, Exception failure) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("seed", seed);
            json.writeStringField("failure", failure.toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return text.toString();
    }

    private static void write(Verdict verdict, JsonGenerator json) throws IOException {
        json.writeNumberField("sent", verdict.sent());
        json.writeNumberField("stored", verdict.stored());
        json.writeNumberField("failed", verdict.failed());
        json.writeNumberField("unknown", verdict.unknown());
        json.writeNumberField("unknownStored", verdict.unknownStored());
        json.writeNumberField("lost", verdict.lost());
        json.writeNumberField("dropped", verdict.dropped());
        json.writeNumberField("duplicated", verdict.duplicated());
        json.writeNumberField("outOfOrder", verdict.outOfOrder());
        json.writeNumberField("unanswered", verdict.unanswered());
        json.writeNumberField("leaked", verdict.leaked());
        json.writeNumberField("dishonest", verdict.dishonest());
        json.writeNumberField("abandoned", verdict.abandoned());
        json.writeNumberField("usurped", verdict.usurped());
        json.writeNumberField("torn", verdict.torn());
        json.writeBooleanField("clean", verdict.isClean());
    }

    private static void write(Plan plan, JsonGenerator json) throws IOException {
        Setup setup = plan.setup();
        json.writeNumberField("seed", plan.seed());
        json.writeNumberField("seconds", plan.length().toMillis() / 1e3);
        json.writeStringField("subject", setup.subject().label());
        json.writeBooleanField("batching", setup.batching());
        json.writeBooleanField("deduplication", setup.deduplication());
        json.writeNumberField("producers", setup.producers());
        json.writeStringField("inFlight", Setup.label(setup.inFlight()));
        json.writeNumberField("perSecond", setup.perSecond());
        json.writeArrayFieldStart("dimensions");
        for (Dimension dimension : Dimension.values()) {
            if (setup.has(dimension)) {
                json.writeString(dimension.label());
            }
        }
        json.writeEndArray();
        json.writeBooleanField("standalone", plan.standalone());
    }

    private static void write(InjectedFault injected, Effect effect, Recovery recovery, JsonGenerator json)
            throws IOException {
        Schedule.Entry entry = injected.entry();
        json.writeStartObject();
        json.writeStringField("fault", entry.kind().label());
        json.writeNumberField("atMillis", entry.atMillis());
        json.writeNumberField("durationMillis", entry.durationMillis());
        json.writeNumberField("target", entry.target());
        if (injected.problem() != null) {
            json.writeStringField("problem", injected.problem());
        }
        json.writeNumberField("withoutReceipt", effect.withoutReceipt());
        json.writeNumberField("slowestMillis", effect.slowest().toMillis());
        write("firstStoredAfterMillis", recovery.firstStored(), json);
        write("fullSpeedAfterMillis", recovery.fullSpeed(), json);
        json.writeEndObject();
    }

    private static void write(Vitals vitals, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("life", vitals.life());
        json.writeNumberField("atMillis", vitals.atMillis());
        json.writeNumberField("heapBytes", vitals.heap());
        json.writeNumberField("directBytes", vitals.direct());
        json.writeNumberField("residentBytes", vitals.resident());
        json.writeNumberField("threads", vitals.threads());
        json.writeNumberField("files", vitals.files());
        json.writeEndObject();
    }

    private static void write(String field, Optional<Duration> time, JsonGenerator json) throws IOException {
        if (time.isPresent()) {
            json.writeNumberField(field, time.get().toMillis());
        } else {
            json.writeNullField(field);
        }
    }
}
