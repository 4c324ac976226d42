package dev.vela.test.documented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.LocalPulsarProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SpringJUnitConfig(LocalPulsarProperties.class)
class SpringOrdersIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Autowired
    private Environment environment;

    @Test
    void theApplicationConnectsToTheSharedPulsar() {
        assertThat(environment.getProperty("spring.pulsar.client.service-url")).isEqualTo(pulsar.serviceUrl());
        assertThat(environment.getProperty("spring.pulsar.admin.service-url")).isEqualTo(pulsar.adminUrl());
    }
}
