package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SpringJUnitConfig(LocalPulsarProperties.class)
class LocalPulsarPropertiesIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void nameTheSharedPulsar(@Autowired Environment environment) {
        assertThat(environment.getProperty("spring.pulsar.client.service-url")).isEqualTo(pulsar.serviceUrl());
        assertThat(environment.getProperty("spring.pulsar.admin.service-url")).isEqualTo(pulsar.adminUrl());
    }
}
