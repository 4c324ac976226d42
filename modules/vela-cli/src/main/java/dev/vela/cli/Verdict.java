package dev.vela.cli;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What reading everything back showed.
 *
 * @param verified published, and there as it was sent; with {@code lost} it makes up all that was published
 * @param lost published, but not there as it was sent; empty if reading ended early, so that nobody knows
 * @param duplicated copies beyond the first, of whichever message
 * @param outOfOrder arrived after a later message of the same key
 * @param altered there with another key, event time, property or payload; counted as lost, too
 * @param unexpected reported as certainly not sent, but there
 * @param unknownArrived of unknown outcome, and there: neither right nor wrong
 */
record Verdict(
        long verified,
        OptionalLong lost,
        long duplicated,
        long outOfOrder,
        long altered,
        long unexpected,
        long unknownArrived) {

    /** What is wrong, in words; empty if nothing is. */
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
