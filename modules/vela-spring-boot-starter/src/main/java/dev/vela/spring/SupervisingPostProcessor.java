package dev.vela.spring;

import dev.vela.Vela;
import org.apache.pulsar.client.api.PulsarClient;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * Makes each client bean a supervised client, and finds the runtimes that the application makes.
 *
 * <p>Asks for other beans only once there is a client: a post-processor is created before all others.
 */
final class SupervisingPostProcessor implements BeanPostProcessor, SmartInitializingSingleton {
    private final DefaultListableBeanFactory beans;

    SupervisingPostProcessor(DefaultListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof Vela vela && isSingleton(name)) {
            VelaRuntimes runtimes = runtimes();
            if (runtimes.add(name, vela)) {
                releaseWith(name, runtimes);
            }
        }
        if (bean instanceof PulsarClient client && isSingleton(name)) {
            VelaRuntimes runtimes = runtimes();
            releaseWith(name, runtimes);
            return runtimes.adopt(name, client, !isDeclaredAsClass(name));
        }
        return bean;
    }

    /** Clients that come and go have no name that they keep, and nobody closes them with the context. */
    private boolean isSingleton(String name) {
        return beans.containsBean(name) && beans.isSingleton(name);
    }

    /** Whoever asks for a bean of a class cannot be given another client. */
    private boolean isDeclaredAsClass(String name) {
        Class<?> declared = beans.containsBeanDefinition(name)
                ? beans.getMergedBeanDefinition(name).getResolvableType().resolve()
                : null;
        return declared != null && PulsarClient.class.isAssignableFrom(declared) && !declared.isInterface();
    }

    /** The runtime of a bean goes before the bean, and no other does. */
    private void releaseWith(String name, VelaRuntimes runtimes) {
        String dependent = "velaRuntime." + name;
        beans.registerDisposableBean(dependent, () -> runtimes.release(name));
        beans.registerDependentBean(name, dependent);
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanNamesForType(PulsarClient.class, false, false)) {
            Object bean = beans.getSingleton(name); // null for a lazy one
            if (bean instanceof PulsarClient) {
                runtimes().check(name);
            }
        }
    }

    private VelaRuntimes runtimes() {
        return beans.getBean(VelaRuntimes.class);
    }
}
