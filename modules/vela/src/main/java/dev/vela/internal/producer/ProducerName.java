package dev.vela.internal.producer;

import dev.vela.InFlightPolicy;
import dev.vela.internal.runtime.ProducerSettings;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The name that the producers of a slot bear at the broker. It is the slot's, unless the broker holds that one to be taken
 * for too long.
 *
 * <p>Confined to the control thread.
 */
final class ProducerName {
    private final String given;
    private int number = 1;
    private boolean taken;
    private long takenSince;

    ProducerName(String given) {
        this.given = given;
    }

    /** The name for the next attempt. */
    String current() {
        return number == 1 ? given : given + "-" + number;
    }

    /** An attempt under the current name failed. If it has been taken for longer than the limit, there is another one now. */
    void failed(Throwable cause, ProducerSettings<?> settings, long now) {
        if (!(cause instanceof PulsarClientException.ProducerBusyException) || !mayChange(settings)) {
            taken = false;
        } else if (!taken) {
            taken = true;
            takenSince = now;
        } else if (now - takenSince >= TimeUnit.NANOSECONDS.convert(settings.disconnectedLimit())) {
            taken = false;
            number++;
        }
    }

    /** Where nobody else can have it, and nobody counts on it. */
    private static boolean mayChange(ProducerSettings<?> settings) {
        return !settings.stableNames()
                && settings.inFlightPolicy() == InFlightPolicy.REPORT
                && settings.accessMode() == ProducerAccessMode.Shared;
    }
}
