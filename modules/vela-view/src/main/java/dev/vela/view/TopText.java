package dev.vela.view;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** What {@code vela top --once} prints: the complete tree as plain text. */
final class TopText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int EVENTS = 20;

    private TopText() {}

    /** Returns the lines of what is known, with the last events. */
    static List<String> lines(Watched watched, Instant now, ZoneId zone) {
        Instant there = Figures.now(watched.runtimes(), now);
        List<String> lines = new ArrayList<>();
        lines.add(Text.printable(watched.source()));
        lines.add(
                Text.printable(Figures.summary(watched.runtimes()) + ", " + Figures.names(watched.runtimes(), there)));
        lines.add("");
        TopView view = new TopView();
        view.show(TopRow.of(watched.runtimes()));
        view.unfoldAll(true);
        int width = view.lines().stream()
                .mapToInt(line -> name(line).length())
                .max()
                .orElse(0);
        lines.add(row(width, "NAME", "STATE", "SINCE", "MSG/S", "PEND", "OLD", "RST", "LAST CAUSE"));
        for (TopView.Line line : view.lines()) {
            lines.add(row(width, line, there));
        }
        List<LiveEvent> events = watched.events();
        List<LiveEvent> last = events.subList(Math.max(0, events.size() - EVENTS), events.size());
        if (!last.isEmpty()) {
            lines.add("");
            lines.add("The last events:");
        }
        for (LiveEvent event : last) {
            lines.add(TIME.format(event.time().atZone(zone))
                    + Text.printable(String.format("  %-16s %s", event.type(), Figures.event(event))));
        }
        return lines;
    }

    private static String name(TopView.Line line) {
        return "  ".repeat(line.depth()) + Text.printable(line.row().label());
    }

    private static String row(int width, TopView.Line line, Instant now) {
        TopRow row = line.row();
        String cause = row.broker().isEmpty() || !row.cause().isEmpty() ? row.cause() : "at " + row.broker();
        return row(
                width,
                name(line),
                row.state().isEmpty() ? "" : Health.of(row.state()).sign(false) + " " + Text.printable(row.state()),
                Figures.ago(row.since(), now),
                Figures.rate(row.rate()),
                Figures.count(row.pending()),
                Figures.age(row.oldestMillis()),
                Figures.count(row.restarts()),
                Text.printable(cause));
    }

    private static String row(int width, String name, Object... cells) {
        Object[] all = new Object[cells.length + 1];
        all[0] = name + " ".repeat(Math.max(0, width - name.length()));
        System.arraycopy(cells, 0, all, 1, cells.length);
        return String.format("%s  %-14s %5s %6s %6s %6s %4s  %s", all).stripTrailing();
    }
}
