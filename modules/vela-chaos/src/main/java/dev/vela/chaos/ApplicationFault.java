package dev.vela.chaos;

/** The faults that the application injects into itself, between {@code begin} and {@code end}. */
enum ApplicationFault {
    OVERSIZE,
    POISON,
    CALLBACKS_THROW,
    CALLBACKS_BLOCK,
    CALLBACKS_SEND,
    FLOOD,
    SHORT_LIVED_HANDLES,
    RUNTIMES_CLOSED
}
