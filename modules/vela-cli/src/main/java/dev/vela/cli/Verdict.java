package dev.vela.cli;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The verdict of reading everything back.
 *
 * @param verified messages published, and found as sent; {@code verified} and {@code lost} add up to all published
 *     messages
 * @param lost messages published, but not found as sent; empty if reading ended early, so that the number is unknown
 * @param duplicated copies beyond the first, of any message
 * @param outOfOrder messages that arrived after a later message of the same key
 * @param altered messages found with another key, event time, property or payload; counted as lost, too
 * @param unexpected messages reported as certainly not sent, but found
 * @param unknownArrived messages of unknown outcome that were found: neither right nor wrong
 */
record Verdict(
        long verified,
        OptionalLong lost,
        long duplicated,
        long outOfOrder,
        long altered,
        long unexpected,
        long unknownArrived) {

    /** Returns the problems, in words; empty if there are none. */
    List<String> problems() {
        return Stream.of(
                        lost.isPresent() ? problem(lost.getAsLong(), "lost") : List.of("not everything was read back"),
                        problem(duplicated, "duplicated"),
                        problem(outOfOrder, "out of order"),
                        problem(altered, "altered"),
                        problem(unexpected, "there although reported as not sent"))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> problem(long count, String what) {
        return count == 0 ? List.of() : List.of(count + " " + what);
    }
}
