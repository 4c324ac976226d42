package dev.vela.chaos;

/**
 * The identity of a message of a run.
 *
 * @param life the life of the application that sent it: 0 for the first, one more after each kill
 * @param sender the sender within that life; each sender is one thread, except that of the callbacks
 * @param number the number of the message, counted by the sender from 0 in the order of its sends
 */
record MessageRef(int life, int sender, int number) {

    @Override
    public String toString() {
        return life + "." + sender + "." + number;
    }
}
