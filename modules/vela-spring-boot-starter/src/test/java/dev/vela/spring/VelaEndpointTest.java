package dev.vela.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VelaEndpointTest {

    @ParameterizedTest
    @CsvSource({
        "persistent://public/default/t,public/default/t",
        "persistent:/public/default/t,public/default/t",
        "audit/persistent://public/default/t,audit/public/default/t",
        "orders on persistent://public/default/t,orders on public/default/t",
        "non-persistent://public/default/t,non-persistent:/public/default/t",
        "orders,orders",
    })
    void aNameHasOnePath(String name, String path) {
        assertThat(VelaEndpoint.path(name)).isEqualTo(path);
    }
}
