package dev.vela.smallrye;

import dev.vela.VelaBuilder;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ApplicationScoped
public class LoggedRuntime implements ClientCustomizer<VelaBuilder> {
    private static final Logger log = LoggerFactory.getLogger(LoggedRuntime.class);

    private final List<String> channels = new ArrayList<>();

    @Override
    public VelaBuilder customize(String channel, Config config, VelaBuilder builder) {
        channels.add(channel);
        return builder.listener(event -> log.info("{}", event));
    }

    /** The channels that a runtime was made for. */
    List<String> channels() {
        return channels;
    }
}
