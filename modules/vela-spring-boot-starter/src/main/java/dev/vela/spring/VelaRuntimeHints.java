package dev.vela.spring;

import dev.vela.SupervisedProducer;
import dev.vela.VelaMXBean;
import java.lang.reflect.Field;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;

/**
 * What a native image needs beyond Spring's own hints: the proxies that Vela makes, and the fields and the page that it
 * reads.
 */
final class VelaRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.proxies()
                .registerJdkProxy(PulsarClient.class) // a client of the official class
                .registerJdkProxy( // Spring's restartable client: its interfaces, in the order of its classes
                        PulsarClient.class, InitializingBean.class, SmartLifecycle.class, DisposableBean.class)
                .registerJdkProxy(SupervisedProducer.class); // one that lingers
        for (Class<?> delegated : List.of(
                PulsarClient.class,
                InitializingBean.class,
                SmartLifecycle.class,
                DisposableBean.class,
                SupervisedProducer.class)) {
            hints.reflection().registerType(delegated, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
        hints.reflection().registerType(VelaMXBean.class, MemberCategory.INVOKE_PUBLIC_METHODS); // by JMX
        hints.resources().registerPattern(ViewPage.RESOURCE);
        // Each by itself: the categories of fields that Spring 6 and 7 have are not the same.
        for (Class<?> read : List.of(ProducerConfigurationData.class, ProducerImpl.class)) {
            for (Field field : read.getDeclaredFields()) {
                hints.reflection().registerField(field);
            }
        }
    }
}
