package dev.vela.spring.it;

import dev.vela.Vela;
import java.util.Arrays;
import org.apache.pulsar.client.api.PulsarClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.pulsar.core.PulsarTemplate;

/** An application that is processed ahead of time; it runs in a JVM of its own. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AotApplication {

    /** Sends a message, and prints through what, and what a native image would have to know of the client. */
    @SuppressWarnings("unchecked") // the template sends strings
    public static void main(String[] arguments) {
        try (ConfigurableApplicationContext context = SpringApplication.run(AotApplication.class, arguments)) {
            context.getBean(PulsarTemplate.class).send("ahead-of-time", "order");
            System.out.println("producers " + context.getBean(Vela.class).producers());
            Arrays.stream(context.getBean(PulsarClient.class).getClass().getInterfaces())
                    .forEach(type -> System.out.println("interface " + type.getName()));
        }
    }
}
