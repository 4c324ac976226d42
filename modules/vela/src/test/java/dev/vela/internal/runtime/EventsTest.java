package dev.vela.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.VelaEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventsTest {

    @Test
    void eachListenerIsToldInOrderThoughAnotherThrows() {
        List<String> told = new ArrayList<>();
        Events events = new Events(
                List.of(
                        event -> {
                            told.add("first " + event.name());
                            throw new IllegalStateException("of the application");
                        },
                        event -> told.add("second " + event.name())),
                Runnable::run);

        events.publish(new VelaEvent(
                VelaEvent.Type.STARTED, Instant.EPOCH, "orders", "topic", Optional.empty(), Optional.empty()));

        assertThat(told).containsExactly("first orders", "second orders");
    }
}
