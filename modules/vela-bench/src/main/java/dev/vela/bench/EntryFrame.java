package dev.vela.bench;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.pulsar.common.api.proto.BaseCommand;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;

/** A whole entry in wire format, checksum included: encoded once, and sent any number of times. */
final class EntryFrame {

    private static final short CHECKSUM_FOLLOWS = 0x0e01;

    private final ByteBuffer bytes;
    private final int messages;

    private EntryFrame(ByteBuffer bytes, int messages) {
        this.bytes = bytes;
        this.messages = messages;
    }

    /** Encodes an entry with the number of messages of this size that a batch of the benchmark holds. */
    static EntryFrame of(int messageBytes, String producerName) {
        byte[] single = new SingleMessageMetadata().setPayloadSize(messageBytes).toByteArray();
        int framed = Integer.BYTES + single.length + messageBytes;
        int messages = Math.max(1, Math.min(Plan.BATCH_MESSAGES, Plan.BATCH_BYTES / framed));
        byte[] metadata = new MessageMetadata()
                .setProducerName(producerName)
                .setSequenceId(0)
                .setPublishTime(System.currentTimeMillis())
                .setUncompressedSize(messages * framed)
                .setNumMessagesInBatch(messages)
                .toByteArray();
        BaseCommand send = new BaseCommand().setType(BaseCommand.Type.SEND);
        send.setSend().setProducerId(PulsarSocket.PRODUCER_ID).setSequenceId(0).setNumMessages(messages);
        byte[] command = send.toByteArray();

        int checked = Integer.BYTES + metadata.length + messages * framed;
        int size = Integer.BYTES + command.length + Short.BYTES + Integer.BYTES + checked;
        ByteBuffer frame = ByteBuffer.allocateDirect(Integer.BYTES + size);
        frame.putInt(size).putInt(command.length).put(command).putShort(CHECKSUM_FOLLOWS);
        int checksumAt = frame.position();
        frame.putInt(0).putInt(metadata.length).put(metadata);
        for (int i = 0; i < messages; i++) {
            frame.putInt(single.length).put(single).put(new byte[messageBytes]);
        }
        frame.flip();
        CRC32C checksum = new CRC32C();
        checksum.update(frame.duplicate().position(checksumAt + Integer.BYTES));
        frame.putInt(checksumAt, (int) checksum.getValue());
        return new EntryFrame(frame, messages);
    }

    /** Returns the frame, ready to be written; all returned buffers share their bytes. */
    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Returns the number of messages in the entry. */
    int messages() {
        return messages;
    }
}
