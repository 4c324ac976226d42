package dev.vela.spring;

import dev.vela.VelaBuilder;

/**
 * A bean that changes the runtime of a client before it is built, for what {@link VelaProperties} cannot say. Beans of
 * this type are called in their order, after the properties, once for each client, on the thread that creates the
 * client. They may block. If one throws, the client's bean cannot be created.
 *
 * <p>They are created before the client is. One that needs a bean which needs the client must ask for it lazily.
 */
@FunctionalInterface
public interface VelaBuilderCustomizer {
    /**
     * Changes a runtime. It must not give the builder another client.
     *
     * @param client the name of the client's bean
     * @param builder the runtime's builder
     */
    void customize(String client, VelaBuilder builder);
}
