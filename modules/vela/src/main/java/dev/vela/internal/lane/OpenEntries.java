package dev.vela.internal.lane;

import dev.vela.Batching;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a lane is filling, one in all or one for each key, and the rules for messages that may join.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class OpenEntries {
    private static final int SMALLEST_BUFFER = 1024;
    private static final int FEWEST_MESSAGES = 8;

    private final Batching batching;
    private final LaneContext context;
    private @Nullable BatchEntry single; // null if grouped by key
    private final Map<String, BatchEntry> byKey = new LinkedHashMap<>(); // empty unless grouped by key
    private int messages;
    private int bytes;
    private long since;
    private long highestId = -1; // chosen for the last message, or -1: chosen ids rise
    private int limit; // bytes of an entry with its overall metadata; as of the last begin()
    private int mostMetadata; // of one message: an entry carries its first message's key
    private int usualBytes = SMALLEST_BUFFER; // rises at once, falls slowly
    private int usualMessages = FEWEST_MESSAGES; // rises at once, falls slowly

    OpenEntries(Batching batching, LaneContext context) {
        this.batching = batching;
        this.context = context;
    }

    boolean isEmpty() {
        return messages == 0;
    }

    /** The time since which the oldest message waits. Only if not empty. */
    long since() {
        return since;
    }

    /** The earliest deadline. Only if not empty. */
    long deadline() {
        long earliest = 0;
        boolean isFirst = true;
        for (BatchEntry batch : batches()) {
            earliest = isFirst || batch.deadline() - earliest < 0 ? batch.deadline() : earliest;
            isFirst = false;
        }
        return earliest;
    }

    boolean isFull() {
        return messages >= batching.maxMessages() || bytes >= Math.min(batching.maxBytes(), limit);
    }

    /**
     * Begins a new entry, or one for each key. Only if none is open.
     *
     * @param entryBytes the maximum size of an entry in bytes, including the metadata of the whole entry
     */
    void begin(int entryBytes) {
        limit = entryBytes;
    }

    /** Whether a message may ever share an entry with other messages. */
    boolean mayShare(Send send) {
        return fits(send, 0) && send.message().canShare(context.schema());
    }

    /** Whether a message that may share an entry may join the messages that are open now. */
    boolean hasPlaceFor(Send send) {
        return messages == 0 || (fits(send, bytes) && !partsByIds(send));
    }

    private boolean fits(Send send, int beside) {
        int all = beside + send.message().framedBytes();
        return all <= batching.maxBytes()
                && all <= limit - Math.max(mostMetadata, send.message().metadataBytes());
    }

    /**
     * Whether sequence ids forbid that a message is sent together with the open messages.
     *
     * <p>With deduplication the broker judges an entry as a whole, by the highest id in it. So ids that the application
     * chose rise within the open messages, and messages with a chosen id do not mix with messages without. With
     * grouping by key, messages with ids are sent one key after the other, since ids must also rise from entry to
     * entry.
     */
    private boolean partsByIds(Send send) {
        long chosen = send.message().chosenSequenceId();
        if (chosen < 0 || highestId < 0) {
            return chosen != highestId;
        }
        return batching.keyBased() && !byKey.containsKey(send.message().group());
    }

    /** Whether a chosen id is not above the ids of the open messages. */
    boolean hasReached(long chosenId) {
        return messages > 0 && chosenId <= highestId;
    }

    /**
     * Adds a message that has a place. Unless it was accepted before, it gets the acceptance time of the oldest
     * message.
     */
    void add(Send send) {
        if (messages == 0) {
            since = context.scheduler().nanoTime();
        }
        send.acceptAt(since);
        BatchEntry batch = batchFor(send);
        try {
            batch.add(send);
        } catch (RuntimeException | Error e) {
            drop(batch, send);
            throw e;
        }
        highestId = send.message().chosenSequenceId();
        mostMetadata = Math.max(mostMetadata, send.message().metadataBytes());
        messages++;
        bytes += send.message().framedBytes();
    }

    private BatchEntry batchFor(Send send) {
        if (batching.keyBased()) {
            return byKey.computeIfAbsent(send.message().group(), absent -> newBatch(send));
        }
        BatchEntry batch = single;
        if (batch == null) {
            batch = newBatch(send);
            single = batch;
        }
        return batch;
    }

    /** Drops a batch that was begun for a message that could not be added. */
    private void drop(BatchEntry batch, Send send) {
        if (batch.messages() == 0) {
            single = null;
            byKey.remove(send.message().group());
        }
    }

    private BatchEntry newBatch(Send first) {
        // Entries by key may be many and small: they grow as they are filled.
        return batching.keyBased()
                ? new BatchEntry(context, first, SMALLEST_BUFFER, FEWEST_MESSAGES)
                : new BatchEntry(context, first, usualBytes, usualMessages);
    }

    /** Closes all open entries, in order. If this fails, the remaining entries stay open. */
    void close(Consumer<Entry> leaves) {
        BatchEntry only = single;
        if (only != null) {
            leaves.accept(closed(only));
        } else {
            Iterator<BatchEntry> grouped = byKey.values().iterator();
            while (grouped.hasNext()) {
                BatchEntry batch = grouped.next();
                leaves.accept(closed(batch));
                grouped.remove();
                messages -= batch.messages();
                bytes -= batch.length();
            }
        }
        clear();
    }

    private Entry closed(BatchEntry batch) {
        usualBytes = usual(batch.length(), usualBytes);
        usualMessages = usual(batch.messages(), usualMessages);
        if (batch.messages() > 1) {
            if (batching.keyBased() || batch.capacity() > SMALLEST_BUFFER) {
                batch.fit();
            }
            return batch;
        }
        SingleEntry alone = new SingleEntry(batch.first()); // not a batch, as in the official client
        batch.recycle();
        return alone;
    }

    /** The size to expect of the next entry after an entry of this size. */
    private static int usual(int size, int before) {
        return Math.max(size, before - before / 16);
    }

    /** Adds all messages, in order. */
    void addSends(List<Send> into) {
        batches().forEach(batch -> batch.addSends(into));
    }

    /** Forgets all open entries: their messages are elsewhere. */
    void clear() {
        single = null;
        byKey.clear();
        messages = 0;
        bytes = 0;
        mostMetadata = 0;
    }

    private Collection<BatchEntry> batches() {
        BatchEntry only = single;
        return only == null ? byKey.values() : List.of(only);
    }
}
