package dev.vela.view;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An official producer, as of a report.
 *
 * @param name its name at the broker
 * @param index its place in its group
 * @param state a name of ProducerState, or one that only a newer Vela knows
 * @param since since when it is in that state
 * @param cause what it last died of, if it did
 * @param restarts how often it was restarted
 * @param inFlight the messages that it was handed and that are not answered
 * @param oldestInFlightMillis for how long the oldest of them has been
 * @param broker the broker's address, if it is connected
 */
record LiveProducer(
        String name,
        int index,
        String state,
        @Nullable Instant since,
        @Nullable String cause,
        long restarts,
        long inFlight,
        long oldestInFlightMillis,
        @Nullable String broker) {

    static final Comparator<LiveProducer> WORST_FIRST =
            Comparator.comparing(producer -> Health.of(producer.state()).badness());
}
