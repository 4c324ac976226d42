package dev.vela.cli;

/**
 * When each message of a run is due: at a fixed rate from the first on, so that a late one does not delay those behind
 * it.
 */
final class Pace {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double nanosPerMessage;

    /** @param messagesPerSecond positive; infinity for no limit */
    Pace(double messagesPerSecond) {
        this.nanosPerMessage = NANOS_PER_SECOND / messagesPerSecond;
    }

    /**
     * How long to wait before a message.
     *
     * @param index from 0
     * @param elapsedNanos since the first was due
     * @return in nanoseconds; not positive if it is due
     */
    long waitNanos(long index, long elapsedNanos) {
        return (long) (index * nanosPerMessage) - elapsedNanos;
    }
}
