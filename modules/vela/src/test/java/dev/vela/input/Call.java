package dev.vela.input;

import java.lang.reflect.Executable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One public method or constructor in the table: good arguments for it, and what becomes of bad ones. */
final class Call {
    private static final String[] NO_NAMES = {};

    final String signature;
    final Function<World, ? extends List<?>> subjects;
    final Object[] good;
    final List<Row> rows = new ArrayList<>();
    final List<Expectation> afterClose = new ArrayList<>();
    private String[] names = NO_NAMES;

    /** One argument in the place of a good one, and what is expected then. */
    record Row(int parameter, @Nullable Object value, Expectation expectation) {}

    /**
     * What is expected: an exception with a text, or none.
     *
     * @param failure the exception; null for none
     * @param text the exception's whole text, or why the value is accepted
     */
    record Expectation(@Nullable Class<? extends Throwable> failure, String text) {
        @Override
        public String toString() {
            return failure == null ? "is accepted: " + text : failure.getSimpleName() + ": " + text;
        }
    }

    Call(String signature, Function<World, ? extends List<?>> subjects, Object... good) {
        this.signature = signature;
        this.subjects = subjects;
        this.good = good;
    }

    /** The parameters' names, which a null is refused with. An empty one stands for a primitive. */
    Call names(String... all) {
        this.names = all;
        for (int i = 0; i < all.length; i++) {
            if (!all[i].isEmpty()) {
                refuses(NullPointerException.class, i, null, all[i]);
            }
        }
        return this;
    }

    Call refuses(int parameter, Object value, String text) {
        return refuses(IllegalArgumentException.class, parameter, value, text);
    }

    Call refuses(Class<? extends Throwable> failure, int parameter, @Nullable Object value, String text) {
        return row(parameter, value, new Expectation(failure, text));
    }

    Call accepts(int parameter, @Nullable Object value, String why) {
        return row(parameter, value, new Expectation(null, why));
    }

    Call without(int parameter, Object value) {
        rows.removeIf(row -> row.parameter == parameter && Objects.deepEquals(row.value, value));
        return this;
    }

    private Call row(int parameter, @Nullable Object value, Expectation expectation) {
        rows.removeIf(row -> row.parameter == parameter && Objects.deepEquals(row.value, value));
        rows.add(new Row(parameter, value, expectation));
        return this;
    }

    /** Whatever is not null. */
    Call acceptsAll(int parameter, Class<?> type, String why) {
        BadValues.of(type).stream().filter(Objects::nonNull).forEach(value -> accepts(parameter, value, why));
        return this;
    }

    Call notBlank(int parameter) {
        for (String blank : List.of("", " ")) {
            refuses(parameter, blank, names[parameter] + " must not be blank, was \"" + blank + '"');
        }
        return this;
    }

    Call atLeast(int parameter, String name, long least, String whyTheGreatest) {
        for (int value : new int[] {Integer.MIN_VALUE, -1, 0}) {
            number(parameter, value, value >= least, name + " must be >= " + least);
        }
        return accepts(parameter, Integer.MAX_VALUE, whyTheGreatest);
    }

    Call atLeastLong(int parameter, String name, long least, String whyTheGreatest) {
        for (long value : new long[] {Long.MIN_VALUE, -1, 0}) {
            number(parameter, value, value >= least, name + " must be >= " + least);
        }
        return accepts(parameter, Long.MAX_VALUE, whyTheGreatest);
    }

    Call inRange(int parameter, String name, int least, int greatest) {
        for (int value : new int[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE, least - 1, least, greatest}) {
            number(
                    parameter,
                    value,
                    value >= least && value <= greatest,
                    name + " must be in [" + least + ", " + greatest + "]");
        }
        return greatest < Integer.MAX_VALUE
                ? refuses(
                        parameter,
                        greatest + 1,
                        name + " must be in [" + least + ", " + greatest + "], was " + (greatest + 1))
                : this;
    }

    private void number(int parameter, Object value, boolean isGood, String rule) {
        if (isGood) {
            accepts(parameter, value, rule);
        } else {
            refuses(parameter, value, rule + ", was " + value);
        }
    }

    /** A duration from zero, which may be allowed or not, to 100 years. */
    Call duration(int parameter, String name, boolean zeroIsGood) {
        String rule = name + " must be in " + (zeroIsGood ? "[" : "(") + "0, 100 years]";
        refuses(parameter, Duration.ofNanos(-1), rule + ", was -1 ns");
        refuses(parameter, BadValues.LEAST, rule + ", was -9223372036854775808 s");
        refuses(parameter, BadValues.YEARS_300, rule + ", was 109500 days");
        refuses(parameter, BadValues.GREATEST, rule + ", was 9223372036854775807 s");
        refuses(parameter, Duration.ofDays(36_500).plusSeconds(1), rule + ", was 3153600001 s");
        accepts(parameter, Duration.ofDays(36_500), rule);
        return zeroIsGood
                ? accepts(parameter, Duration.ZERO, rule)
                : refuses(parameter, Duration.ZERO, rule + ", was 0 s");
    }

    /** After the close of its handle or its runtime it does what it did before. */
    Call worksAfterClose(String how) {
        afterClose.add(new Expectation(null, how));
        return this;
    }

    Call failsAfterClose(Class<? extends Throwable> failure, String text) {
        afterClose.add(new Expectation(failure, text));
        return this;
    }

    boolean isOf(Executable method) {
        return signature.equals(signatureOf(method));
    }

    boolean hasRow(int parameter, @Nullable Object value) {
        return rows.stream().anyMatch(row -> row.parameter == parameter && Objects.deepEquals(row.value, value));
    }

    static String signatureOf(Executable method) {
        Class<?> type = method.getDeclaringClass();
        String outer =
                type.getDeclaringClass() == null ? "" : type.getDeclaringClass().getSimpleName() + ".";
        String name = type.getSimpleName().equals(lastPart(method)) ? "new" : method.getName();
        return outer + type.getSimpleName() + "." + name + "("
                + String.join(
                        ", ",
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .toList())
                + ")";
    }

    private static String lastPart(Executable method) {
        return method.getName().replaceAll(".*[.$]", "");
    }

    @Override
    public String toString() {
        return signature;
    }
}
