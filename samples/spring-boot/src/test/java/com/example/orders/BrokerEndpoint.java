package com.example.orders;

import dev.vela.local.LocalPulsar;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** Kills and restarts the local Pulsar: {@code POST /actuator/broker/kill}. */
@Endpoint(id = "broker")
class BrokerEndpoint {
    private final LocalPulsar pulsar;

    BrokerEndpoint(LocalPulsar pulsar) {
        this.pulsar = pulsar;
    }

    enum Action {
        KILL,
        RESTART
    }

    @WriteOperation
    void act(@Selector Action action) {
        switch (action) {
            case KILL -> pulsar.kill();
            case RESTART -> pulsar.restart();
        }
    }
}
