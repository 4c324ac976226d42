package dev.vela.cli;

/**
 * The times at which the messages of a run are due: at a fixed rate from the first message on, so that a late message
 * does not delay the messages behind it.
 */
final class Pace {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double nanosPerMessage;

    /** @param messagesPerSecond positive; infinity for no limit */
    Pace(double messagesPerSecond) {
        this.nanosPerMessage = NANOS_PER_SECOND / messagesPerSecond;
    }

    /**
     * Returns the time to wait before a message.
     *
     * @param index the index of the message, from 0
     * @param elapsedNanos the nanoseconds since the first message was due
     * @return the time in nanoseconds; not positive if the message is due
     */
    long waitNanos(long index, long elapsedNanos) {
        return (long) (index * nanosPerMessage) - elapsedNanos;
    }
}
