package dev.vela.spring;

import dev.vela.Vela;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.json.JsonWriter;
import org.springframework.lang.Nullable;
import org.springframework.util.MimeType;

/**
 * The actuator endpoint {@code velaview}: a page that shows the supervised producers of all runtimes live, and the
 * reports that the page reads.
 *
 * <p>Thread-safe. Never blocks on I/O.
 */
@WebEndpoint(id = VelaViewEndpoint.ID)
public final class VelaViewEndpoint {
    static final String ID = "velaview";

    private static final String HTML = "text/html;charset=UTF-8";
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain;charset=UTF-8";

    private static final int CONFLICT = 409;

    private static final Pattern LAST_EVENT = Pattern.compile("([^:,]+):(\\d{1,18})");
    private static final String CAN_RESTART = "\"restartAllowed\":true";
    private static final String CANNOT_RESTART = "\"restartAllowed\":false";

    private final VelaRuntimes runtimes;
    private final String source;
    private final boolean isWritable;
    private final byte[] page;

    /**
     * Creates the endpoint.
     *
     * @param application what the page calls the application
     * @param isWritable whether the access to this endpoint includes its write operation
     */
    VelaViewEndpoint(VelaRuntimes runtimes, String application, boolean isWritable) {
        this.runtimes = runtimes;
        this.source = JsonWriter.standard().writeToString(application);
        this.isWritable = isWritable;
        this.page = ViewPage.read();
    }

    /** The page. */
    @ReadOperation(produces = HTML)
    public WebEndpointResponse<byte[]> page() {
        return answer(page, WebEndpointResponse.STATUS_OK, HTML);
    }

    /**
     * The reports of all runtimes, as {@link dev.vela.VelaMXBean#report} has them; 400 for an {@code after} of another
     * form.
     *
     * @param part {@code report}; anything else is answered with 404
     * @param after the last event that the reader has of each runtime, {@code INSTANCE:NUMBER,…}; absent for a reader
     *     that has none
     */
    @ReadOperation(produces = JSON)
    public WebEndpointResponse<byte[]> report(@Selector String part, @Nullable String after) {
        if (!part.equals("report")) {
            return refusal("there is no " + part, WebEndpointResponse.STATUS_NOT_FOUND);
        }
        Map<String, Long> lastEvents = new HashMap<>();
        if (after != null && !after.isEmpty()) {
            for (String each : after.split(",", -1)) {
                Matcher lastEvent = LAST_EVENT.matcher(each);
                if (!lastEvent.matches()) {
                    return refusal(
                            "after must be INSTANCE:NUMBER,…, was " + after, WebEndpointResponse.STATUS_BAD_REQUEST);
                }
                lastEvents.put(lastEvent.group(1), Long.parseLong(lastEvent.group(2)));
            }
        }
        String reports = runtimes.all().values().stream()
                .map(vela ->
                        report(vela, lastEvents.getOrDefault(vela.management().getInstance(), 0L)))
                .collect(Collectors.joining(","));
        String text = "{\"source\":" + source + ",\"time\":\"" + Instant.now() + "\",\"reports\":[" + reports
                + "],\"marks\":[]}";
        return answer(text, WebEndpointResponse.STATUS_OK, JSON);
    }

    /** A quote within a value is escaped, so that the first match is the member itself. */
    private String report(Vela vela, long lastEvent) {
        String report = vela.management().report(lastEvent);
        int allowed = isWritable ? -1 : report.indexOf(CAN_RESTART);
        return allowed < 0
                ? report
                : report.substring(0, allowed) + CANNOT_RESTART + report.substring(allowed + CAN_RESTART.length());
    }

    /**
     * Restarts the producers of a name that are down: those that are alive, or coming back, are not touched. Answered
     * with 204, before they are restarted; with 400 if there is no such runtime or name; and with 409 if the runtime
     * does not allow it, or if the producer was stopped. The text is the reason.
     *
     * @param part {@code restart}; anything else is answered with 404
     * @param instance the runtime, as its report has it
     * @param name the name in that runtime
     */
    @WriteOperation(produces = {TEXT, JSON})
    public WebEndpointResponse<byte[]> restart(@Selector String part, String instance, String name) {
        if (!part.equals("restart")) {
            return refusal("there is no " + part, WebEndpointResponse.STATUS_NOT_FOUND);
        }
        for (Vela vela : runtimes.all().values()) {
            if (vela.management().getInstance().equals(instance)) {
                return restart(vela, name);
            }
        }
        return refusal(
                "instance must be that of a runtime of this application, was " + instance,
                WebEndpointResponse.STATUS_BAD_REQUEST);
    }

    private static WebEndpointResponse<byte[]> restart(Vela vela, String name) {
        try {
            vela.management().restart(name);
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
        } catch (IllegalArgumentException e) {
            return refusal(String.valueOf(e.getMessage()), WebEndpointResponse.STATUS_BAD_REQUEST);
        } catch (IllegalStateException e) {
            return refusal(String.valueOf(e.getMessage()), CONFLICT);
        }
    }

    private static WebEndpointResponse<byte[]> refusal(String reason, int status) {
        return answer(reason, status, TEXT);
    }

    private static WebEndpointResponse<byte[]> answer(String text, int status, String type) {
        return answer(text.getBytes(StandardCharsets.UTF_8), status, type);
    }

    private static WebEndpointResponse<byte[]> answer(byte[] body, int status, String type) {
        return new WebEndpointResponse<>(body, status, MimeType.valueOf(type));
    }
}
