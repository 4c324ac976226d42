package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayloadTest {

    private final MessageRef id = new MessageRef(1, 2, 345);

    @Test
    void saysWhichMessageItIs() {
        Reading reading = Payload.read("p", "1:2:3", "k1", Payload.of(id, "k1", 100));

        assertThat(Payload.of(id, "k1", 100)).hasSize(100);
        assertThat(reading).isEqualTo(new Reading("p", "1:2:3", id, true));
        assertThat(Payload.read("p", "x", null, Payload.of(id, null, 0)).intact())
                .isTrue();
    }

    @Test
    void anotherKeyIsSeen() {
        assertThat(Payload.read("p", "x", "k2", Payload.of(id, "k1", 100)).intact())
                .isFalse();
        assertThat(Payload.read("p", "x", null, Payload.of(id, "k1", 100)).intact())
                .isFalse();
    }

    @Test
    void anAlteredByteIsSeen() {
        for (int i = 0; i < 60; i++) {
            byte[] payload = Payload.of(id, "k1", 60);
            payload[i] ^= 1;

            assertThat(Payload.read("p", "x", "k1", payload).intact()).isFalse();
        }
    }

    @Test
    void whatIsNoneOfOursIsSeen() {
        assertThat(Payload.read("p", "x", null, new byte[0])).isEqualTo(new Reading("p", "x", null, false));
        assertThat(Payload.read("p", "x", null, "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .id())
                .isNull();
    }
}
