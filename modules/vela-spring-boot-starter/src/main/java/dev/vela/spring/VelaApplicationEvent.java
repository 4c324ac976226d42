package dev.vela.spring;

import dev.vela.VelaEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;

/**
 * An event of a runtime, published to the application context: in order, once all singletons exist, on a thread of the
 * starter. Listeners may block it, and may send through a template. One that does not need the client's name can listen
 * to the payload, {@link VelaEvent}, instead.
 */
public final class VelaApplicationEvent extends PayloadApplicationEvent<VelaEvent> {
    private static final long serialVersionUID = 1;

    private final String client;

    /**
     * Creates an event.
     *
     * @param source the object that publishes it
     * @param client the name of the client's bean
     * @param event what happened
     */
    public VelaApplicationEvent(Object source, String client, VelaEvent event) {
        super(source, event);
        this.client = client;
    }

    /** The name of the bean of the client whose runtime the event is from. */
    public String client() {
        return client;
    }

    /** What happened. */
    public VelaEvent event() {
        return getPayload();
    }

    @Override
    public ResolvableType getResolvableType() {
        return ResolvableType.forClass(VelaApplicationEvent.class);
    }
}
