package dev.vela.view;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What {@code vela top} shows on a terminal, line by line. Only the rows that are seen are laid out.
 *
 * @param colours whether to use them
 * @param isUnicode whether the terminal shows more than ASCII
 * @param zone the time zone of the events' times
 */
record TopScreen(boolean colours, boolean isUnicode, ZoneId zone) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int EVENTS_FROM_HEIGHT = 16;
    private static final int DETAIL_FROM_HEIGHT = 10;
    private static final int EVENT_TYPE_WIDTH = 16;
    private static final int NARROWEST_NAME = 20;
    private static final int WIDEST_NAME = 48;
    private static final int NARROWEST_CAUSE = 10;

    private static final List<String> HELP = List.of(
            "up, down, page up, page down, home, end    move",
            "right, left                                unfold, fold",
            "space, enter                               unfold or fold",
            "+  -                                       unfold all, fold all",
            "s                                          sort by another column, the worst first",
            "/                                          filter by name, state or broker; Esc clears it",
            "r                                          restart the selected producer: those of its official",
            "                                           producers that are down",
            "h  ?                                       this help",
            "q  Ctrl-C                                  quit");

    /** A column to the right of the name. Those of a lower rank are left out first if the width is small. */
    private enum Column {
        STATE("STATE", 14, 6, false),
        SINCE("SINCE", 5, 3, true),
        RATE("MSG/S", 6, 5, true),
        PENDING("PEND", 6, 4, true),
        OLDEST("OLD", 5, 1, true),
        RESTARTS("RST", 4, 2, true);

        private final String title;
        private final int width;
        private final int rank;
        private final boolean right;

        Column(String title, int width, int rank, boolean right) {
            this.title = title;
            this.width = width;
            this.rank = rank;
            this.right = right;
        }
    }

    /** Which columns there are room for, and how wide the rest is. */
    private record Layout(List<Column> columns, int name, int cause) {

        static Layout of(int width) {
            List<Column> columns = new ArrayList<>(List.of(Column.values()));
            int lowest = 1;
            while (!columns.isEmpty() && width - taken(columns) < NARROWEST_NAME) {
                int rank = lowest++;
                columns.removeIf(column -> column.rank == rank);
            }
            int rest = width - taken(columns);
            int name = rest < NARROWEST_NAME + 1 + NARROWEST_CAUSE
                    ? rest
                    : Math.min(WIDEST_NAME, Math.max(NARROWEST_NAME, rest * 3 / 5));
            return new Layout(columns, Math.max(0, name), Math.max(0, rest - name - 1));
        }

        private static int taken(List<Column> columns) {
            return columns.stream().mapToInt(column -> column.width + 1).sum();
        }
    }

    /** Returns as many lines as the screen is high, none wider than it is. */
    List<AttributedString> lines(Watched watched, TopView view, int width, int height, Instant now) {
        if (width < 1 || height < 1) {
            return List.of();
        }
        List<AttributedString> top = head(watched, width, now);
        List<AttributedString> bottom = new ArrayList<>();
        if (view.mode() == TopView.Mode.HELP) {
            HELP.forEach(line -> top.add(cut(plain(line), width)));
        } else {
            Layout layout = Layout.of(width);
            Instant there = Figures.now(watched.runtimes(), now);
            top.add(title(layout, width));
            if (height >= DETAIL_FROM_HEIGHT) {
                bottom.add(detail(view, width));
            }
            if (height >= EVENTS_FROM_HEIGHT) {
                events(watched.events(), height / 4, width, bottom);
            }
            int visible = Math.max(0, height - top.size() - bottom.size() - 1);
            rows(view, layout, visible, width, there, top);
        }
        while (top.size() + bottom.size() < height - 1) {
            top.add(AttributedString.EMPTY);
        }
        top.addAll(bottom);
        List<AttributedString> lines = new ArrayList<>(top.subList(0, Math.min(top.size(), height - 1)));
        lines.add(foot(view, width));
        return lines;
    }

    private List<AttributedString> head(Watched watched, int width, Instant now) {
        List<AttributedString> head = new ArrayList<>();
        AttributedString link = new AttributedString(Figures.link(watched, now), linkStyle(watched.link()));
        AttributedString source = cut(
                new AttributedString("vela top  " + Text.printable(watched.source()), AttributedStyle.BOLD),
                Math.max(0, width - link.columnLength() - 2));
        head.add(cut(
                join(source, plain(" ".repeat(Math.max(2, width - source.columnLength() - link.columnLength()))), link),
                width));
        Instant there = Figures.now(watched.runtimes(), now);
        head.add(cut(
                plain(Figures.summary(watched.runtimes()) + ", "
                        + Text.printable(Figures.names(watched.runtimes(), there))),
                width));
        if (!watched.problem().isEmpty()) {
            head.add(cut(new AttributedString(Text.printable(watched.problem()), linkStyle(watched.link())), width));
        }
        return head;
    }

    private AttributedString title(Layout layout, int width) {
        StringBuilder title = new StringBuilder(pad("   NAME", layout.name, false));
        for (Column column : layout.columns) {
            title.append(' ').append(pad(column.title, column.width, column.right));
        }
        if (layout.cause > 0) {
            title.append(' ').append(pad("LAST CAUSE", layout.cause, false));
        }
        return cut(new AttributedString(pad(title.toString(), width, false), AttributedStyle.INVERSE), width);
    }

    private void rows(TopView view, Layout layout, int visible, int width, Instant now, List<AttributedString> to) {
        List<TopView.Line> lines = view.lines();
        if (lines.isEmpty()) {
            to.add(cut(plain(view.filter().isEmpty() ? "  no producers" : "  nothing matches the filter"), width));
            return;
        }
        if (visible == 0) {
            return;
        }
        int first = view.firstOf(visible);
        for (int i = first; i < Math.min(lines.size(), first + visible); i++) {
            to.add(cut(row(lines.get(i), layout, i == view.selected(), now), width));
        }
    }

    private AttributedString row(TopView.Line line, Layout layout, boolean isSelected, Instant now) {
        TopRow row = line.row();
        AttributedStyle base = isSelected ? AttributedStyle.INVERSE : AttributedStyle.DEFAULT;
        Health health = Health.of(row.state());
        AttributedStringBuilder text = new AttributedStringBuilder();
        String name =
                (isSelected ? ">" : " ") + "  ".repeat(line.depth()) + fold(line) + " " + Text.printable(row.label());
        text.style(base).append(pad(name, layout.name, false));
        for (Column column : layout.columns) {
            String cell = pad(cell(column, row, health, now), column.width, column.right);
            text.style(base)
                    .append(" ")
                    .style(column == Column.STATE ? style(base, health) : base)
                    .append(cell);
        }
        if (layout.cause > 0) {
            text.style(base).append(" ").append(pad(Text.printable(row.cause()), layout.cause, false));
        }
        return text.toAttributedString();
    }

    private String fold(TopView.Line line) {
        if (line.row().children().isEmpty()) {
            return " ";
        }
        if (isUnicode) {
            return line.unfolded() ? "▾" : "▸";
        }
        return line.unfolded() ? "v" : ">";
    }

    private String cell(Column column, TopRow row, Health health, Instant now) {
        return switch (column) {
            case STATE -> row.state().isEmpty() ? "" : health.sign(isUnicode) + " " + Text.printable(row.state());
            case SINCE -> Figures.ago(row.since(), now);
            case RATE -> Figures.rate(row.rate());
            case PENDING -> Figures.count(row.pending());
            case OLDEST -> Figures.age(row.oldestMillis());
            case RESTARTS -> Figures.count(row.restarts());
        };
    }

    private AttributedString detail(TopView view, int width) {
        TopRow row = view.selectedRow();
        if (row == null) {
            return AttributedString.EMPTY;
        }
        String text = row.fullName();
        if (!row.broker().isEmpty()) {
            text += " at " + row.broker();
        }
        if (!row.cause().isEmpty()) {
            text += ": " + row.cause();
        }
        return cut(new AttributedString(Text.printable(text), AttributedStyle.BOLD), width);
    }

    private void events(List<LiveEvent> events, int count, int width, List<AttributedString> to) {
        to.add(plain("-- events " + "-".repeat(width)).columnSubSequence(0, width));
        List<LiveEvent> last = events.subList(Math.max(0, events.size() - count), events.size());
        for (LiveEvent event : last) {
            Health health = Health.ofEvent(event.type());
            to.add(cut(
                    join(
                            plain(TIME.format(event.time().atZone(zone)) + " "),
                            new AttributedString(
                                    pad(
                                            health.sign(isUnicode) + " " + Text.printable(event.type()),
                                            EVENT_TYPE_WIDTH,
                                            false),
                                    style(AttributedStyle.DEFAULT, health)),
                            plain(" " + Text.printable(Figures.event(event)))),
                    width));
        }
        for (int i = last.size(); i < count; i++) {
            to.add(AttributedString.EMPTY);
        }
    }

    private AttributedString foot(TopView view, int width) {
        String text = switch (view.mode()) {
            case FILTER -> "filter: " + Text.printable(view.filter()) + "_  (Enter keeps it, Esc clears it)";
            case CONFIRM, HELP -> Text.printable(view.message());
            case TREE -> view.message().isEmpty() ? keys(view) : Text.printable(view.message());
        };
        AttributedStyle style =
                view.mode() == TopView.Mode.CONFIRM || !view.message().isEmpty()
                        ? AttributedStyle.BOLD
                        : AttributedStyle.DEFAULT;
        return cut(new AttributedString(text, style), width);
    }

    private static String keys(TopView view) {
        String filter = view.filter().isEmpty() ? "/ filter" : "/ filter: " + Text.printable(view.filter());
        return "q quit  h help  s sort: " + view.sort().name().toLowerCase(Locale.ROOT) + "  " + filter
                + "  r restart  +/- unfold, fold all";
    }

    private AttributedStyle linkStyle(Watched.Link link) {
        return switch (link) {
            case LIVE -> style(AttributedStyle.BOLD, Health.UP);
            case SILENT -> style(AttributedStyle.BOLD, Health.RECOVERING);
            case GONE -> style(AttributedStyle.BOLD, Health.DOWN);
        };
    }

    private AttributedStyle style(AttributedStyle base, Health health) {
        if (!colours) {
            return base;
        }
        return switch (health) {
            case UP -> base.foreground(AttributedStyle.GREEN);
            case WAITING -> base.foreground(AttributedStyle.CYAN);
            case RECOVERING -> base.foreground(AttributedStyle.YELLOW);
            case DOWN -> base.foreground(AttributedStyle.RED);
            case ENDED, UNKNOWN -> base;
        };
    }

    private static AttributedString plain(String text) {
        return new AttributedString(text);
    }

    private static AttributedString join(AttributedString... parts) {
        AttributedStringBuilder joined = new AttributedStringBuilder();
        for (AttributedString part : parts) {
            joined.append(part);
        }
        return joined.toAttributedString();
    }

    /** Cuts a text to a width in columns; one that is too long ends with a mark. */
    private AttributedString cut(AttributedString text, int width) {
        if (text.columnLength() <= width) {
            return text;
        }
        if (!isUnicode || width < 2) {
            return text.columnSubSequence(0, width);
        }
        return join(text.columnSubSequence(0, width - 1), plain("…"));
    }

    /** Cuts or fills a text to a width in columns. */
    private String pad(String text, int width, boolean right) {
        AttributedString cut = cut(plain(text), width);
        String fill = " ".repeat(Math.max(0, width - cut.columnLength()));
        return right ? fill + cut : cut + fill;
    }
}
