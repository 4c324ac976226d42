package dev.vela.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.VelaEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static VelaEvent started() {
        return new VelaEvent(
                VelaEvent.Type.STARTED, Instant.EPOCH, "orders", "topic", Optional.empty(), Optional.empty());
    }

    @Test
    void tellsWhenTheListenersHaveBeenToldOfAll() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Events events = new Events(List.of(event -> {}), tasks::add);
        assertThat(events.whenTold()).isCompleted();

        events.publish(started());
        CompletableFuture<Void> told = events.whenTold();
        events.publish(started());
        assertThat(told).isNotDone();
        tasks.remove().run();

        assertThat(told).isCompleted();
        assertThat(events.whenTold()).isCompleted();
        events.publish(started());
        assertThat(events.whenTold()).isNotDone();
    }

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

        events.publish(started());

        assertThat(told).containsExactly("first orders", "second orders");
    }
}
