package dev.vela;

import dev.vela.internal.checks.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a restart: exponential with a ceiling and jitter.
 *
 * <p>Immutable and pure: time and randomness are arguments. The wait before attempt {@code n} (0 is the first) is
 * {@code initial * multiplier^n}, capped at {@code max}, then shortened or lengthened by up to {@code jitter} of
 * itself.
 *
 * @param initial the wait before the first attempt; zero means that no attempt ever waits
 * @param max the ceiling, also for the wait with jitter; at most 100 years
 * @param multiplier the growth from one attempt to the next, at least 1
 * @param jitter the fraction of the wait, from 0 to 1, by which it may be shorter or longer
 */
public record Backoff(Duration initial, Duration max, double multiplier, double jitter) {

    /*
     * Jitter is drawn evenly from [d * (1 - jitter), min(d * (1 + jitter), max)]. The interval is cut at the ceiling
     * before the draw, not the result after it: otherwise half of all waits at the ceiling would be exactly max, and
     * children that died together would come back together, which jitter exists to prevent.
     *
     * Worked example, exponential(100 ms, 1 s): attempt 0 waits 80 to 120 ms, attempt 3 waits 640 to 960 ms, attempt 4
     * and all later ones 800 to 1000 ms.
     *
     * Math.pow costs the same for every attempt, and overflows to infinity, which the ceiling absorbs.
     */

    /**
     * Creates a backoff and checks all four values.
     *
     * @throws NullPointerException if a duration is null
     * @throws IllegalArgumentException if {@code initial} is negative, {@code max} is shorter than {@code initial} or
     *     longer than 100 years, {@code multiplier} is below 1 or not finite, or {@code jitter} is outside [0, 1]
     */
    public Backoff {
        Checks.notNegative("initial", initial);
        Checks.notNegative("max", max);
        Checks.check(max.compareTo(initial) >= 0, "max", "be >= initial (" + Checks.text(initial) + ")", max);
        Checks.check(multiplier >= 1 && !Double.isInfinite(multiplier), "multiplier", "be finite and >= 1", multiplier);
        Checks.check(jitter >= 0 && jitter <= 1, "jitter", "be in [0, 1]", jitter);
    }

    /**
     * Creates a backoff that doubles from {@code initial} to {@code max}, with a jitter of 0.2.
     *
     * @throws NullPointerException if a duration is null
     * @throws IllegalArgumentException if {@code initial} is negative, or {@code max} is shorter than {@code initial}
     *     or longer than 100 years
     */
    public static Backoff exponential(Duration initial, Duration max) {
        return new Backoff(initial, max, 2, 0.2);
    }

    /**
     * The wait before an attempt: never negative, never above {@link #max()}. Its cost does not depend on the attempt.
     *
     * @param attempt the attempt's number, 0 for the first
     * @param random the source of jitter; one number is drawn from it
     * @throws NullPointerException if {@code random} is null
     * @throws IllegalArgumentException if {@code attempt} is negative
     */
    public Duration delay(int attempt, RandomGenerator random) {
        Checks.atLeast("attempt", 0, attempt);
        Objects.requireNonNull(random, "random");
        double drawn = random.nextDouble();
        if (initial.isZero()) {
            return Duration.ZERO;
        }
        double ceiling = (double) max.toNanos();
        double wait = Math.min((double) initial.toNanos() * Math.pow(multiplier, attempt), ceiling);
        double shortest = wait * (1 - jitter);
        double longest = Math.min(wait * (1 + jitter), ceiling);
        long nanos = (long) (shortest + (longest - shortest) * drawn);
        return Duration.ofNanos(Math.min(nanos, max.toNanos()));
    }
}
