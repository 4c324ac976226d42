package dev.vela.view;

/** How a state is shown: as a colour, and as a sign where there are no colours. */
enum Health {
    /** Takes messages. */
    UP('+', '●'),
    /** Is about to, or waits on purpose. */
    WAITING('.', '○'),
    /** Comes back by itself. */
    RECOVERING('~', '◐'),
    /** Stays down, or is refused. */
    DOWN('!', '✗'),
    /** Ended on purpose. */
    ENDED('-', '·'),
    /** A state that this version does not know. */
    UNKNOWN('?', '?');

    private final char ascii;
    private final char unicode;

    Health(char ascii, char unicode) {
        this.ascii = ascii;
        this.unicode = unicode;
    }

    char sign(boolean isUnicode) {
        return isUnicode ? unicode : ascii;
    }

    /** Returns how a name of ProducerState or HandleState is shown. */
    static Health of(String state) {
        return switch (state) {
            case "READY" -> UP;
            case "STARTING", "WAITING", "STOPPING" -> WAITING;
            case "RECONNECTING", "RESTARTING", "DEGRADED" -> RECOVERING;
            case "FENCED", "TERMINATED", "REFUSED", "FAILED", "DOWN" -> DOWN;
            case "STOPPED" -> ENDED;
            default -> UNKNOWN;
        };
    }

    /** Returns how the type of an event is shown. */
    static Health ofEvent(String type) {
        return switch (type) {
            case "DIED", "GROUP_FAILED" -> DOWN;
            case "RESTARTED" -> RECOVERING;
            case "STARTED" -> WAITING;
            case "PARTITIONS_GROWN" -> UP;
            default -> of(type);
        };
    }

    boolean isTrouble() {
        return this == DOWN || this == RECOVERING;
    }

    /** Its place if the worst is first. */
    int badness() {
        return switch (this) {
            case DOWN -> 0;
            case RECOVERING -> 1;
            case UNKNOWN -> 2;
            case WAITING -> 3;
            case ENDED -> 4;
            case UP -> 5;
        };
    }
}
