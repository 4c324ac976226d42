package dev.vela.behaviour;

import dev.vela.VelaEvent;
import dev.vela.VelaListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps all events of a runtime, in order. */
final class Journal implements VelaListener {
    private final List<VelaEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(VelaEvent event) {
        events.add(event);
    }

    List<VelaEvent> of(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    List<VelaEvent.Type> types(String name) {
        return of(name).stream().map(VelaEvent::type).toList();
    }
}
