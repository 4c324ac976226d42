package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;

/** Messages and receipts for tests. */
public final class Messages {
    private Messages() {}

    /** A message with a payload of this size. */
    public static EncodedMessage ofSize(int bytes) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[bytes]);
        return draft.encode();
    }

    /** A message with this payload. */
    public static EncodedMessage of(byte[] payload) {
        return Draft.of(Schema.BYTES, payload);
    }

    /** One that cannot be written into a batch. */
    public static EncodedMessage thatCannotBeCopied(Error failure) {
        return new ValueMessage(Schema.BYTES, new byte[1]) {
            @Override
            void copyPayloadTo(ByteBuffer target, int at) {
                throw failure;
            }
        };
    }

    /** A message with a key and a payload of this size. */
    public static EncodedMessage withKey(String key, int bytes) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[bytes]);
        draft.key(key);
        return draft.encode();
    }

    /** The payloads of all messages in an entry. */
    public static List<byte[]> payloads(EncodedEntry entry) {
        List<byte[]> payloads = new ArrayList<>();
        if (entry instanceof EncodedBatch batch) {
            ByteBuffer unread = batch.buffer().slice(0, batch.length());
            while (unread.hasRemaining()) {
                byte[] metadata = new byte[unread.getInt()];
                unread.get(metadata);
                SingleMessageMetadata parsed = new SingleMessageMetadata();
                parsed.parseFrom(metadata);
                byte[] payload = new byte[parsed.getPayloadSize()];
                unread.get(payload);
                payloads.add(payload);
            }
        } else {
            EncodedMessage message = (EncodedMessage) entry;
            byte[] payload = new byte[message.payloadBytes()];
            message.copyPayloadTo(ByteBuffer.wrap(payload), 0);
            payloads.add(payload);
        }
        return payloads;
    }

    /** A small message with a sequence id of the application's choice. */
    public static EncodedMessage withSequenceId(long chosen) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.sequenceId(chosen);
        return draft.encode();
    }

    /** A small message with a key and a sequence id of the application's choice. */
    public static EncodedMessage withKeyAndSequenceId(String key, long chosen) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.key(key);
        draft.sequenceId(chosen);
        return draft.encode();
    }

    /** A small message with a key. */
    public static EncodedMessage withKey(String key) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.key(key);
        return draft.encode();
    }

    /** A small message with a key and an ordering key. */
    public static EncodedMessage withKeys(String key, String orderingKey) {
        Draft<byte[]> draft = new Draft<>(Schema.BYTES, null, true);
        draft.value(new byte[1]);
        draft.key(key);
        draft.orderingKey(orderingKey.getBytes(StandardCharsets.UTF_8));
        return draft.encode();
    }

    /** A small message to be delivered later. */
    public static EncodedMessage delayed() {
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
