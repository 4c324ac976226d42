package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.SupervisedProducer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.impl.ChunkMessageIdImpl;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the client's receipts. */
class ReceiptTest {
    private static final MessageIdImpl NOWHERE = new MessageIdImpl(-1, -1, -1);
    private static final MessageIdImpl FIRST = new MessageIdImpl(5, 6, -1);
    private static final MessageIdImpl LAST = new MessageIdImpl(5, 8, -1);

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void namesThePartition(int partition) {
        MessageId receipt = OfficialProducer.withPartition(LAST, partition);

        assertThat(receipt).isEqualTo(new MessageIdImpl(5, 8, partition));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void namesThePartitionOfTheFirstChunkAndTheLast(int partition) {
        MessageId receipt = OfficialProducer.withPartition(new ChunkMessageIdImpl(FIRST, LAST), partition);

        assertThat(receipt).isInstanceOfSatisfying(ChunkMessageIdImpl.class, chunks -> {
            assertThat(chunks.getFirstChunkMessageId()).isEqualTo(new MessageIdImpl(5, 6, partition));
            assertThat(chunks.getLastChunkMessageId().getEntryId()).isEqualTo(8);
            assertThat(chunks.getLastChunkMessageId().getPartitionIndex()).isEqualTo(partition);
        });
        assertThat(SupervisedProducer.isDuplicate(receipt)).isFalse();
    }

    /** The client took the answer to the last chunk for that to the first, since they have one sequence id. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void isADuplicateIfTheFirstChunkIsNowhere(int partition) {
        MessageId receipt = OfficialProducer.withPartition(new ChunkMessageIdImpl(NOWHERE, LAST), partition);

        assertThat(SupervisedProducer.isDuplicate(receipt)).isTrue();
    }
}
