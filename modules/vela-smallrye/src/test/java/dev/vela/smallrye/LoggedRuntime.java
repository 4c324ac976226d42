package dev.vela.smallrye;

import dev.vela.VelaBuilder;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ApplicationScoped
public class LoggedRuntime implements ClientCustomizer<VelaBuilder> {
    private static final Logger log = LoggerFactory.getLogger(LoggedRuntime.class);

    @Override
    public VelaBuilder customize(String channel, Config config, VelaBuilder builder) {
        return builder.name("shop-" + channel).listener(event -> log.info("{}", event));
    }
}
