package dev.vela.chaos;

/**
 * Names a message of a run.
 *
 * @param life which life of the application sent it: 0 for the first, one more after each kill
 * @param sender which of its senders; each is one thread, but for that of the callbacks
 * @param number counted by the sender, from 0, in the order of its sends
 */
record MessageRef(int life, int sender, int number) {

    @Override
    public String toString() {
        return life + "." + sender + "." + number;
    }
}
