package dev.vela.chaos;

/** What the application does to itself, while it is told to. */
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
