package dev.vela.smallrye;

import dev.vela.SupervisedProducer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.pulsar.PulsarClientService;
import java.util.HashMap;
import java.util.Map;
import org.apache.pulsar.client.api.Producer;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/** An application with SmallRye's own connector. Its jars are searched for beans, as in production. */
final class Application implements AutoCloseable {
    private final SmallRyeConfig config;
    private final WeldContainer container;

    private Application(SmallRyeConfig config, WeldContainer container) {
        this.config = config;
        this.container = container;
    }

    /** Starts an application of these beans, whose channels publish to this Pulsar. */
    static Application start(String serviceUrl, Map<String, String> properties, Class<?>... beans) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("mp.messaging.connector.smallrye-pulsar.serviceUrl", serviceUrl);
        all.put("mp.messaging.connector.smallrye-pulsar.schema", "STRING");
        all.put("mp.messaging.connector.smallrye-pulsar.sendTimeoutMs", "120000");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build();
        ConfigProviderResolver.instance().registerConfig(config, Application.class.getClassLoader());
        try {
            return new Application(config, new Weld().addBeanClasses(beans).initialize());
        } catch (Throwable failure) {
            ConfigProviderResolver.instance().releaseConfig(config);
            throw failure;
        }
    }

    <T> T get(Class<T> bean) {
        return container.select(bean).get();
    }

    Producer<String> producer(String channel) {
        return get(PulsarClientService.class).getProducer(channel);
    }

    SupervisedProducer<String> supervised(String channel) {
        return (SupervisedProducer<String>) producer(channel);
    }

    @Override
    public void close() {
        container.close();
        ConfigProviderResolver.instance().releaseConfig(config);
    }
}
