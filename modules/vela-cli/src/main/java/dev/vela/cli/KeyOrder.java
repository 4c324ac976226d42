package dev.vela.cli;

/**
 * The highest index that arrived for each key, in a hash table of primitives, because there may be as many keys as
 * messages. Keys are distinguished by a 64-bit hash. Not thread-safe.
 */
final class KeyOrder {

    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final int MAX_CAPACITY = 1 << 30;

    private long[] hashes = new long[INITIAL_CAPACITY];
    private int[] nextIndexes = new int[INITIAL_CAPACITY]; // 0: the slot is free
    private int keys;

    /**
     * Records that the message with this index has arrived; false if a later message with the same key arrived before.
     */
    boolean advance(long keyHash, int index) {
        if (keys > hashes.length / 2 && hashes.length < MAX_CAPACITY) {
            grow();
        }
        int slot = slot(keyHash);
        if (nextIndexes[slot] == 0) {
            keys++;
        } else if (index < nextIndexes[slot] - 1) {
            return false;
        }
        hashes[slot] = keyHash;
        nextIndexes[slot] = index + 1;
        return true;
    }

    /** Returns the slot of the key, or the free slot for it. */
    private int slot(long keyHash) {
        int mask = hashes.length - 1;
        int slot = (int) (keyHash ^ (keyHash >>> 32)) & mask;
        while (nextIndexes[slot] != 0 && hashes[slot] != keyHash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldNextIndexes = nextIndexes;
        hashes = new long[oldHashes.length * 2];
        nextIndexes = new int[oldHashes.length * 2];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldNextIndexes[i] != 0) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                nextIndexes[slot] = oldNextIndexes[i];
            }
        }
    }
}
