package dev.vela.chaos;

/**
 * The identity of a transaction of a run.
 *
 * @param life the life of the application that began the transaction
 * @param sender the sender within that life
 * @param number the number of the transaction, counted by the sender from 0
 */
record TransactionRef(int life, int sender, int number) {

    /**
     * The distance of transactions in message numbers: the messages of a transaction are numbered from this value times
     * its number.
     */
    static final int MOST_MESSAGES = 10;

    /** The end of a transaction. */
    enum End {
        COMMITTED,
        ABORTED,
        /** Neither was confirmed. */
        UNKNOWN
    }

    /** Returns the transaction that contains a message. */
    static TransactionRef of(MessageRef message) {
        return new TransactionRef(message.life(), message.sender(), message.number() / MOST_MESSAGES);
    }

    /** Returns a message of the transaction, by index. */
    MessageRef message(int index) {
        return new MessageRef(life, sender, number * MOST_MESSAGES + index);
    }

    @Override
    public String toString() {
        return life + "." + sender + "." + number;
    }
}
