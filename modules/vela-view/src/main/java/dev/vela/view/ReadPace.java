package dev.vela.view;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/** How often an application is read: seldom enough to cost it little, however large its report is. Not thread-safe. */
final class ReadPace {

    /*
     * The application works for at most the time that a read takes, so with this factor a viewer costs it less than one
     * per cent of a core. A single slow read says little, such as the first one, so the fastest of the last few counts.
     */
    private static final int TIMES = 100;

    private static final int READS = 3;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Duration shortest;
    private final Deque<Duration> reads = new ArrayDeque<>();

    /** Creates a pace that never is quicker than one read in this time. */
    ReadPace(Duration shortest) {
        this.shortest = shortest;
    }

    /** Notes how long a read has taken. */
    void took(Duration read) {
        reads.addLast(read);
        if (reads.size() > READS) {
            reads.removeFirst();
        }
    }

    /** Returns the time between two reads. */
    Duration interval() {
        Duration gentle = reads.stream()
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO)
                .multipliedBy(TIMES);
        Duration bounded = gentle.compareTo(LONGEST) < 0 ? gentle : LONGEST;
        return bounded.compareTo(shortest) > 0 ? bounded : shortest;
    }
}
