package dev.vela.internal.producer;

import dev.vela.InFlightPolicy;
import dev.vela.internal.runtime.ProducerSettings;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The name that a slot's producers use at the broker. It is the slot's name, unless the broker reports that name as
 * taken for too long.
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

    /**
     * Records a failed attempt under the current name. If the name has been taken for longer than the limit, changes
     * it.
     */
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

    /** Whether no other application can have the name, and nothing depends on it. */
    private static boolean mayChange(ProducerSettings<?> settings) {
        return !settings.stableNames()
                && settings.inFlightPolicy() == InFlightPolicy.REPORT
                && settings.accessMode() == ProducerAccessMode.Shared;
    }
}
