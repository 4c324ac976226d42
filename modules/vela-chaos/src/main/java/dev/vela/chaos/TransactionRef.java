package dev.vela.chaos;

/**
 * Names a transaction of a run.
 *
 * @param life which life of the application began it
 * @param sender which of its senders
 * @param number counted by the sender, from 0
 */
record TransactionRef(int life, int sender, int number) {

    /** The messages of a transaction have numbers of their own, from this times its number. */
    static final int MOST_MESSAGES = 10;

    /** How a transaction ended. */
    enum End {
        COMMITTED,
        ABORTED,
        /** Neither was confirmed. */
        UNKNOWN
    }

    /** The transaction that a message is part of. */
    static TransactionRef of(MessageRef message) {
        return new TransactionRef(message.life(), message.sender(), message.number() / MOST_MESSAGES);
    }

    /** One of its messages, by index. */
    MessageRef message(int index) {
        return new MessageRef(life, sender, number * MOST_MESSAGES + index);
    }

    @Override
    public String toString() {
        return life + "." + sender + "." + number;
    }
}
