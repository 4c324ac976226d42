package dev.vela.cli;

import org.jspecify.annotations.Nullable;

/**
 * One line of the input, to be published as one message.
 *
 * @param number its number, from 1
 * @param payload its bytes, without the end of the line
 * @param key the message's key, if it has one
 * @param eventTime in milliseconds of the epoch; {@value #NO_EVENT_TIME} for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InputLine(long number, byte[] payload, @Nullable String key, long eventTime) {

    static final long NO_EVENT_TIME = 0;
}
