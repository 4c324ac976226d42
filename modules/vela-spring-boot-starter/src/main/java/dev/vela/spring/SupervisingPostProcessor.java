package dev.vela.spring;

import dev.vela.Vela;
import org.apache.pulsar.client.api.PulsarClient;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes each client bean a supervised client, and finds the runtimes that the application makes.
 *
 * <p>Asks for other beans only once there is a client: a post-processor is created before all others.
 */
final class SupervisingPostProcessor implements BeanPostProcessor {
    private final ConfigurableListableBeanFactory beans;

    SupervisingPostProcessor(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof Vela vela && isSingleton(name)) {
            runtimes(name).add(name, vela);
        }
        return bean instanceof PulsarClient client && isSingleton(name)
                ? runtimes(name).adopt(name, client)
                : bean;
    }

    /** Clients that come and go have no name that they keep, and nobody closes them with the context. */
    private boolean isSingleton(String name) {
        return beans.containsBean(name) && beans.isSingleton(name);
    }

    /** The runtimes, which are closed before the given bean is destroyed. */
    private VelaRuntimes runtimes(String name) {
        VelaRuntimes runtimes = beans.getBean(VelaRuntimes.class);
        for (String dependent : beans.getBeanNamesForType(VelaRuntimes.class, false, false)) {
            beans.registerDependentBean(name, dependent);
        }
        return runtimes;
    }
}
