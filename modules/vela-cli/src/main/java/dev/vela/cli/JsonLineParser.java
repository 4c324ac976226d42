package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Parses lines that are JSON values, and objects if fields are requested; empty lines are skipped. The message is the
 * line as written, byte for byte. Not thread-safe.
 */
final class JsonLineParser implements LineParser {

    private final JsonFactory json = new JsonFactory();
    private final @Nullable String keyField;
    private final @Nullable String eventTimeField;

    private @Nullable String key;
    private long eventTime;

    JsonLineParser(@Nullable String keyField, @Nullable String eventTimeField) {
        this.keyField = keyField;
        this.eventTimeField = eventTimeField;
    }

    @Override
    public @Nullable InputLine parse(long number, byte[] line) throws IOException {
        key = null;
        eventTime = InputLine.NO_EVENT_TIME;
        try (JsonParser parser = json.createParser(line)) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return null;
            }
            if (token == JsonToken.START_OBJECT) {
                readFields(number, parser);
            } else {
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new MalformedLineException(number, "more than one JSON value");
            }
        } catch (JsonProcessingException e) {
            throw new MalformedLineException(number, "not JSON: " + OneLine.of(e.getOriginalMessage()));
        }
        if (keyField != null && key == null) {
            throw new MalformedLineException(number, "no field \"" + keyField + "\" to take the key from");
        }
        if (eventTimeField != null && eventTime == InputLine.NO_EVENT_TIME) {
            throw new MalformedLineException(number, "no field \"" + eventTimeField + "\" to take the event time from");
        }
        return new InputLine(number, line, key, eventTime);
    }

    private void readFields(long number, JsonParser parser) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals(keyField)) {
                key = key(number, name, value, parser);
            }
            if (name.equals(eventTimeField)) {
                eventTime = eventTime(number, name, value, parser);
            }
            parser.skipChildren();
        }
    }

    private static String key(long number, String name, JsonToken value, JsonParser parser) throws IOException {
        if (value != JsonToken.VALUE_STRING && !value.isNumeric()) {
            throw new MalformedLineException(number, "the key \"" + name + "\" is neither a string nor a number");
        }
        String key = parser.getText();
        if (!UTF_8.newEncoder().canEncode(key)) {
            throw new MalformedLineException(
                    number, "the key \"" + name + "\" holds half of a surrogate pair, which no key of a message can");
        }
        return key;
    }

    private static long eventTime(long number, String name, JsonToken value, JsonParser parser) throws IOException {
        long millis = InputLine.NO_EVENT_TIME;
        try {
            if (value == JsonToken.VALUE_NUMBER_INT) {
                millis = parser.getLongValue();
            } else if (value == JsonToken.VALUE_STRING) {
                millis = Instant.parse(parser.getText()).toEpochMilli();
            }
        } catch (DateTimeException | ArithmeticException | JsonProcessingException e) {
            millis = InputLine.NO_EVENT_TIME;
        }
        // Pulsar reserves 0 for messages without an event time.
        if (millis == InputLine.NO_EVENT_TIME) {
            throw new MalformedLineException(
                    number,
                    "the event time \"" + name
                            + "\" is neither milliseconds before or after 1970 nor an instant such as"
                            + " 2026-05-01T12:30:00Z");
        }
        return millis;
    }
}
