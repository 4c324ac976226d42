package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LocalAdminTest {

    @Test
    void refusesWhatIsNoUrlOfAWebService() {
        assertThatThrownBy(() -> LocalAdmin.of("127.0.0.1:8080"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adminUrl must begin with http:// or https://, was 127.0.0.1:8080");
        LocalAdmin admin = LocalAdmin.of("http://127.0.0.1:8080");
        assertThatThrownBy(() -> admin.moveBundle("topic", "pulsar://127.0.0.1:6650"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adminUrl must begin with http:// or https://, was pulsar://127.0.0.1:6650");
    }
}
