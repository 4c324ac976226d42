package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.pulsar.common.api.proto.BaseCommand;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.apache.pulsar.common.protocol.Commands;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official client's own code reads the frame. */
class EntryFrameTest {
    @ParameterizedTest
    @CsvSource({"100, 1000", "1024, 127", "200000, 1"})
    void isWhatTheOfficialDecoderReads(int messageBytes, int messages) throws Exception {
        EntryFrame frame = EntryFrame.of(messageBytes, "somebody");

        assertThat(frame.messages()).isEqualTo(messages);
        ByteBuf bytes = Unpooled.wrappedBuffer(frame.bytes());
        assertThat(bytes.readInt()).isEqualTo(bytes.readableBytes());
        BaseCommand command = new BaseCommand();
        int commandBytes = bytes.readInt();
        command.parseFrom(bytes, commandBytes);
        assertThat(command.getType()).isEqualTo(BaseCommand.Type.SEND);
        assertThat(command.getSend().getNumMessages()).isEqualTo(messages);

        assertThat(Commands.hasChecksum(bytes)).isTrue();
        int checksum = Commands.readChecksum(bytes);
        CRC32C computed = new CRC32C();
        ByteBuffer rest = bytes.nioBuffer();
        computed.update(rest);
        assertThat(checksum).isEqualTo((int) computed.getValue());

        MessageMetadata metadata = Commands.parseMessageMetadata(bytes);
        assertThat(metadata.getProducerName()).isEqualTo("somebody");
        assertThat(metadata.getNumMessagesInBatch()).isEqualTo(messages);
        assertThat(metadata.getUncompressedSize()).isEqualTo(bytes.readableBytes());
        for (int i = 0; i < messages; i++) {
            SingleMessageMetadata single = new SingleMessageMetadata();
            ByteBuf payload = Commands.deSerializeSingleMessageInBatch(bytes, single, i, messages);
            assertThat(payload.readableBytes()).isEqualTo(messageBytes);
        }
        assertThat(bytes.isReadable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"100", "1024"})
    void isNoLargerThanABatch(int messageBytes) {
        int overhead = 200;

        assertThat(EntryFrame.of(messageBytes, "somebody").bytes().remaining())
                .isLessThanOrEqualTo(Plan.BATCH_BYTES + overhead);
    }
}
