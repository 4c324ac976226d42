package dev.vela.cli;

import org.jspecify.annotations.Nullable;

/**
 * A line of the input that is published as one message.
 *
 * @param number the number of the line, from 1
 * @param payload the bytes of the line, without the line end
 * @param key the message's key, if it has one
 * @param eventTime in milliseconds of the epoch; {@value #NO_EVENT_TIME} for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InputLine(long number, byte[] payload, @Nullable String key, long eventTime) {

    static final long NO_EVENT_TIME = 0;
}
