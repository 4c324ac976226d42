package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Receipts receipts = new Receipts();

    @Test
    void countsWhatWasAcknowledged() {
        send(null);
        send(null);

        assertThat(receipts.check()).isEqualTo(2);
    }

    @Test
    void doesNotLetAFailurePass() {
        send(null);
        send(new IllegalArgumentException("no"));

        assertThatIllegalStateException()
                .isThrownBy(receipts::check)
                .withMessage("2 messages were sent, 1 acknowledged, 1 failed")
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotLetAMissingReceiptPass() {
        send(null);
        receipts.sent();

        assertThatIllegalStateException().isThrownBy(receipts::check);
    }

    @Test
    void doesNotLetTheBrokerSayOtherwise() {
        BrokerCount.check("{\"msgRateIn\":1.0,\"msgInCounter\":12,\"bytesInCounter\":13}", 12);

        assertThatIllegalStateException().isThrownBy(() -> BrokerCount.check("{\"msgInCounter\":11}", 12));
        assertThatIllegalStateException().isThrownBy(() -> BrokerCount.check("{}", 12));
    }

    private void send(Throwable failure) {
        receipts.sent();
        receipts.came(failure);
    }
}
