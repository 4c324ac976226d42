package dev.vela.view;

import java.util.Comparator;

/** The order of the rows below the same row. Those that are equal keep the order of the report, which is by name. */
enum TopSort {
    NAME,
    STATE,
    RATE,
    PENDING,
    OLDEST,
    RESTARTS;

    /** Returns the order: the worst state, or the highest figure, is first. */
    Comparator<TopRow> order() {
        return switch (this) {
            case NAME -> Comparator.comparing(row -> 0);
            case STATE -> Comparator.comparingInt(row -> Health.of(row.state()).badness());
            case RATE -> Comparator.comparingDouble(row -> Double.isNaN(row.rate()) ? 0 : -row.rate());
            case PENDING -> Comparator.comparingLong(row -> -row.pending());
            case OLDEST -> Comparator.comparingLong(row -> -row.oldestMillis());
            case RESTARTS -> Comparator.comparingLong(row -> -row.restarts());
        };
    }

    TopSort next() {
        return switch (this) {
            case NAME -> STATE;
            case STATE -> RATE;
            case RATE -> PENDING;
            case PENDING -> OLDEST;
            case OLDEST -> RESTARTS;
            case RESTARTS -> NAME;
        };
    }
}
