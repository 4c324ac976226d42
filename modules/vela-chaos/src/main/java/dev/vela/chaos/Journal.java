package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one life of the application, line by line in a file. Each line is passed to the operating system
 * before the call returns, so it outlives the application. Thread-safe.
 */
final class Journal implements AutoCloseable {

    private static final String NONE = "-";

    private final OutputStream out;

    private Journal(OutputStream out) {
        this.out = out;
    }

    static Journal create(Path file) throws IOException {
        return new Journal(Files.newOutputStream(file));
    }

    /** Writes that a message is about to be sent. */
    void sent(Sent sent) {
        write("S " + sent.id().sender() + ' ' + sent.id().number() + ' ' + sent.topic() + ' ' + orNone(sent.key()) + ' '
                + sent.ordered() + ' ' + sent.atMillis() + ' ' + sent.timeoutMillis() + ' ' + sent.nature());
    }

    /** Writes the answer of a message. */
    void answered(MessageRef id, Answer answer) {
        write("A " + id.sender() + ' ' + id.number() + ' ' + answer.kind() + ' ' + answer.atMillis() + ' '
                + orNone(answer.receipt()) + ' ' + orNone(answer.cause()));
    }

    /**
     * Writes that a flush, which began after this message was sent, has succeeded though the message is not answered.
     */
    void flushedBefore(MessageRef id) {
        write("F " + id.sender() + ' ' + id.number());
    }

    /** Writes the end of a transaction. */
    void ended(TransactionRef transaction, TransactionRef.End end) {
        write("T " + transaction.sender() + ' ' + transaction.number() + ' ' + end);
    }

    /** Writes that a producer in an exclusive mode is about to be started, or restarted by hand. */
    void candidacy(long atMillis) {
        write("L " + atMillis);
    }

    /**
     * Writes the end of the life, when all messages are answered or never will be, with the amount that is still held.
     */
    void ended(long leaked) {
        write("E " + leaked);
    }

    /** Writes a sample of the life's use of resources. */
    void took(Vitals vitals) {
        write("V " + vitals.atMillis() + ' ' + vitals.heap() + ' ' + vitals.direct() + ' ' + vitals.resident() + ' '
                + vitals.threads() + ' ' + vitals.files());
    }

    private static String orNone(@Nullable String value) {
        return value == null ? NONE : value.replaceAll("\\s", "_");
    }

    private synchronized void write(String line) {
        try {
            out.write((line + '\n').getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    /**
     * Adds the journal of a life to a history.
     *
     * @param diedAtMillis the time of the kill; null if the life was not killed
     * @return whether the journal has the line for an orderly end
     */
    static boolean read(Path file, int life, @Nullable Long diedAtMillis, History into) throws IOException {
        boolean ended = false;
        for (String line : lines(file)) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "S" ->
                    into.sent(new Sent(
                            ref(life, words),
                            words[3],
                            nullable(words[4]),
                            Boolean.parseBoolean(words[5]),
                            Long.parseLong(words[6]),
                            Long.parseLong(words[7]),
                            Sent.Nature.valueOf(words[8])));
                case "F" -> into.flushedBefore(ref(life, words));
                case "T" ->
                    into.ended(
                            new TransactionRef(life, Integer.parseInt(words[1]), Integer.parseInt(words[2])),
                            TransactionRef.End.valueOf(words[3]));
                case "L" -> into.candidacy(life, Long.parseLong(words[1]));
                case "A" ->
                    into.answered(
                            ref(life, words),
                            new Answer(
                                    Answer.Kind.valueOf(words[3]),
                                    Long.parseLong(words[4]),
                                    nullable(words[5]),
                                    nullable(words[6])));
                case "V" ->
                    into.took(new Vitals(
                            life,
                            Long.parseLong(words[1]),
                            Long.parseLong(words[2]),
                            Long.parseLong(words[3]),
                            Long.parseLong(words[4]),
                            Integer.parseInt(words[5]),
                            Long.parseLong(words[6])));
                case "E" -> {
                    into.leaked(Long.parseLong(words[1]));
                    ended = true;
                }
                default -> throw new IOException("not a line of a journal: " + line);
            }
        }
        if (diedAtMillis != null) {
            into.died(life, diedAtMillis);
        }
        return ended;
    }

    /** Returns the complete lines of a file. The last line of a killed process may be incomplete. */
    private static List<String> lines(Path file) throws IOException {
        try {
            String all = Files.readString(file, US_ASCII);
            return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
        } catch (NoSuchFileException e) {
            return List.of(); // killed before it created the journal
        }
    }

    private static MessageRef ref(int life, String[] words) {
        return new MessageRef(life, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    }

    private static @Nullable String nullable(String word) {
        return word.equals(NONE) ? null : word;
    }
}
