package dev.vela.view;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures as text, in few characters. */
final class Figures {

    private static final long THOUSAND = 1_000;
    private static final long PLAIN_BELOW = 100_000;
    private static final String[] UNITS = {"", "k", "M", "G", "T"};

    private Figures() {}

    /** Returns a rate in a second, "-" if it is not known. */
    static String rate(double perSecond) {
        if (Double.isNaN(perSecond)) {
            return "-";
        }
        if (perSecond > 0 && perSecond < 10) {
            return String.format(Locale.ROOT, "%.1f", perSecond);
        }
        return count(Math.round(perSecond));
    }

    /** Returns a count in at most five characters, such as 99999 or 120k. */
    static String count(long count) {
        if (count < PLAIN_BELOW) {
            return Long.toString(count);
        }
        double rest = count;
        int unit = 0;
        while (rest >= THOUSAND && unit < UNITS.length - 1) {
            rest /= THOUSAND;
            unit++;
        }
        return String.format(Locale.ROOT, rest < 10 ? "%.1f%s" : "%.0f%s", rest, UNITS[unit]);
    }

    /** Returns a count with all of its digits, such as 1,000,000. */
    static String full(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Returns how long ago a moment was, in its largest unit, such as 3m; "-" if it is not known. */
    static String ago(@Nullable Instant moment, Instant now) {
        if (moment == null) {
            return "-";
        }
        Duration time = Duration.between(moment, now);
        if (time.toDays() > 0) {
            return time.toDays() + "d";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m" : Math.max(0, time.toSeconds()) + "s";
    }

    /** Returns the age of a message, such as 850ms or 3.2s; empty if there is none. */
    static String age(long millis) {
        if (millis <= 0) {
            return "";
        }
        if (millis < THOUSAND) {
            return millis + "ms";
        }
        if (millis < 10 * THOUSAND) {
            return String.format(Locale.ROOT, "%.1fs", millis / (double) THOUSAND);
        }
        return ago(Instant.EPOCH, Instant.ofEpochMilli(millis));
    }

    /** Returns the application's present, by its own clock. */
    static Instant now(List<LiveRuntime> runtimes, Instant otherwise) {
        return runtimes.stream().map(LiveRuntime::time).max(Instant::compareTo).orElse(otherwise);
    }

    /** Returns what all runtimes together do: "9/10 producers up, 1234 msg/s, pending 12 of 1,000,000". */
    static String summary(List<LiveRuntime> runtimes) {
        long up = producers(runtimes).filter(Figures::isAlive).count();
        long pending = runtimes.stream().mapToLong(LiveRuntime::pendingMessages).sum();
        long most = runtimes.stream().mapToLong(LiveRuntime::maxPendingMessages).sum();
        double rate = runtimes.stream()
                .flatMap(runtime -> runtime.topics().stream())
                .mapToDouble(LiveTopic::rate)
                .filter(each -> !Double.isNaN(each))
                .reduce(Double::sum)
                .orElse(Double.NaN);
        return up + "/" + producers(runtimes).count() + " producers up, " + rate(rate) + " msg/s, pending "
                + full(pending) + " of " + full(most);
    }

    private static Stream<LiveProducer> producers(List<LiveRuntime> runtimes) {
        return runtimes.stream()
                .flatMap(runtime -> runtime.topics().stream())
                .flatMap(topic -> topic.groups().stream())
                .flatMap(group -> group.producers().stream());
    }

    /** As ProducerState.isAlive. */
    private static boolean isAlive(LiveProducer producer) {
        return producer.state().equals("READY") || producer.state().equals("RECONNECTING");
    }

    /** Returns the names of the runtimes, and for how long they are there. */
    static String names(List<LiveRuntime> runtimes, Instant now) {
        if (runtimes.size() != 1) {
            return runtimes.size() + " runtimes";
        }
        LiveRuntime only = runtimes.get(0);
        return "runtime " + only.name() + " for " + ago(only.startedAt(), now);
    }

    /** Returns whether the application answers, in words. */
    static String link(Watched watched, Instant now) {
        return switch (watched.link()) {
            case LIVE -> "LIVE";
            case SILENT -> "NO ANSWER for " + ago(watched.since(), now);
            case GONE -> "GONE for " + ago(watched.since(), now);
        };
    }

    /** Returns what an event is about, and why: the producer and its official producer, partition or topic. */
    static String event(LiveEvent event) {
        String topic = event.topic();
        String place = event.producer() == null ? topic.substring(topic.lastIndexOf('/') + 1) : event.producer();
        String what = place.isEmpty() || place.equals(event.name()) ? event.name() : event.name() + " " + place;
        return event.cause() == null ? what : what + ": " + event.cause();
    }
}
