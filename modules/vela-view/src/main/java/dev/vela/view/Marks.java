package dev.vela.view;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Labelled spans of time, which the page draws on its time line: the faults of a chaos run, for instance.
 *
 * <p>The last {@value #MOST} are kept. Thread-safe; nothing blocks.
 */
public final class Marks {

    static final int MOST = 200;
    static final int LONGEST_LABEL = 80;

    private final Clock clock;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long lastId;
    private long version;

    Marks(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins a span now.
     *
     * @param label what the page writes on it; cut after {@value #LONGEST_LABEL} characters
     * @return the span, to be ended
     */
    public Mark begin(String label) {
        Objects.requireNonNull(label, "label");
        String cut = label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
        synchronized (this) {
            if (marks.size() == MOST) {
                removeOldest();
            }
            Mark mark = new Mark(++lastId, cut, clock.instant());
            marks.add(mark);
            version++;
            return mark;
        }
    }

    /** Removes the oldest that is over, or the oldest if none is. */
    private void removeOldest() {
        for (Iterator<Mark> all = marks.iterator(); all.hasNext(); ) {
            if (all.next().end != null) {
                all.remove();
                return;
            }
        }
        marks.remove();
    }

    /** Grows with each change. */
    synchronized long version() {
        return version;
    }

    /** Returns the spans that are kept, oldest first. */
    synchronized List<Span> spans() {
        List<Span> spans = new ArrayList<>(marks.size());
        for (Mark mark : marks) {
            spans.add(new Span(mark.id, mark.label, mark.start, mark.end));
        }
        return spans;
    }

    /** A span as it is now; without an end it lasts. */
    record Span(
            long id, String label, Instant start, @Nullable Instant end) {}

    /** A span that has begun. */
    public final class Mark {
        private final long id;
        private final String label;
        private final Instant start;
        private @Nullable Instant end; // guarded by Marks.this

        private Mark(long id, String label, Instant start) {
            this.id = id;
            this.label = label;
            this.start = start;
        }

        /** Ends the span now. Does nothing if it is over. */
        public void end() {
            synchronized (Marks.this) {
                if (end == null) {
                    end = clock.instant();
                    version++;
                }
            }
        }
    }
}
