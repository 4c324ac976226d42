package dev.vela.opentelemetry;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.vela.Outcome;
import io.opentelemetry.api.common.AttributeKey;
import java.util.Locale;

/**
 * What spans and metrics call things: as OpenTelemetry's semantic conventions for messaging do, where these have a name.
 */
final class Names {
    static final String SCOPE = "dev.vela.opentelemetry";

    // ---- of the conventions
    static final AttributeKey<String> SYSTEM = stringKey("messaging.system");
    static final AttributeKey<String> OPERATION_NAME = stringKey("messaging.operation.name");
    static final AttributeKey<String> OPERATION_TYPE = stringKey("messaging.operation.type");
    static final AttributeKey<String> DESTINATION = stringKey("messaging.destination.name");
    static final AttributeKey<String> PARTITION = stringKey("messaging.destination.partition.id");
    static final AttributeKey<String> MESSAGE_ID = stringKey("messaging.message.id");
    static final AttributeKey<String> ERROR = stringKey("error.type");
    static final AttributeKey<String> EXCEPTION = stringKey("exception.type");
    static final AttributeKey<String> EXCEPTION_MESSAGE = stringKey("exception.message");
    static final String PULSAR = "pulsar";
    static final String SEND = "send";

    // ---- of Vela
    static final AttributeKey<String> RUNTIME = stringKey("vela.runtime");
    static final AttributeKey<String> NAME = stringKey("vela.name");
    static final AttributeKey<String> OUTCOME = stringKey("vela.outcome");
    static final AttributeKey<String> PRODUCER = stringKey("vela.producer");
    static final AttributeKey<Long> SEQUENCE_ID = longKey("vela.sequence_id");
    static final AttributeKey<Long> ATTEMPT = longKey("vela.attempt");
    static final AttributeKey<String> STATE = stringKey("vela.state");
    static final AttributeKey<String> KIND = stringKey("vela.kind");
    static final AttributeKey<String> LEVEL = stringKey("vela.level");
    static final AttributeKey<String> EVENT = stringKey("vela.event");
    static final String STORED = "stored";
    static final String DUPLICATE = "duplicate";

    private Names() {}

    static String outcome(Outcome outcome) {
        return text(outcome);
    }

    /** A constant as the value of an attribute. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
