package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Receipts receipts = new Receipts();

    @Test
    void countsWhatWasAcknowledged() {
        receipts.accept(null, null);
        receipts.accept(null, null);

        assertThat(receipts.await(2)).isEqualTo(2);
        assertThat(receipts.hasFailure()).isFalse();
    }

    @Test
    void doesNotLetAFailurePass() {
        receipts.accept(null, null);
        receipts.accept(null, new IllegalArgumentException("no"));

        assertThat(receipts.hasFailure()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> receipts.await(2))
                .withMessageStartingWith("2 messages were sent, 1 acknowledged, 1 failed")
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotLetAReceiptTooManyPass() {
        receipts.accept(null, null);
        receipts.accept(null, null);

        assertThatIllegalStateException().isThrownBy(() -> receipts.await(1));
    }

    @Test
    void doesNotLetTheBrokerSayOtherwise() {
        BrokerCount.check("{\"msgRateIn\":1.0,\"msgInCounter\":12,\"bytesInCounter\":13}", 12);

        assertThatIllegalStateException()
                .isThrownBy(() -> BrokerCount.check("{\"msgInCounter\":11}", 12))
                .withMessage("12 messages were acknowledged, but the broker counted 11");
        assertThatIllegalStateException().isThrownBy(() -> BrokerCount.check("{}", 12));
    }
}
