package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageIdImpl;

/** Messages and receipts for tests. */
public final class Messages {
    private Messages() {}

    /** A message with a payload of this size. */
    public static OutgoingMessage ofSize(int bytes) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[bytes]);
        return draft.encode();
    }

    /** A small message with a sequence id of the application's choice. */
    public static OutgoingMessage withSequenceId(long chosen) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.sequenceId(chosen);
        return draft.encode();
    }

    /** A small message with a key. */
    public static OutgoingMessage withKey(String key) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.key(key);
        return draft.encode();
    }

    /** A small message to be delivered later. */
    public static OutgoingMessage delayed() {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.official().deliverAt(1_000_000);
        return draft.encode();
    }

    /** The receipt of an entry, as a producer without partition gives it. */
    public static MessageId receipt(long entry) {
        return new MessageIdImpl(7, entry, -1);
    }

    /** The receipt of an entry that the broker had already. */
    public static MessageId duplicateReceipt() {
        return new MessageIdImpl(-1, -1, -1);
    }
}
