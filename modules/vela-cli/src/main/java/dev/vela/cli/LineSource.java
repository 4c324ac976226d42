package dev.vela.cli;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The messages of an input, read on demand. One thread reads; any thread may query the progress. */
final class LineSource implements Closeable {

    static final long UNKNOWN_SIZE = -1;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LINE_MEBIBYTES = 64;

    private final String name;
    private final InputStream input;
    private final long size;
    private final LineParser parser;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int end;
    private long lines;
    private long total;
    private volatile long bytesConsumed;

    /**
     * @param name the name of the input in messages
     * @param size the size in bytes, or {@link #UNKNOWN_SIZE}
     */
    LineSource(String name, InputStream input, long size, LineParser parser) {
        this.name = name;
        this.input = input;
        this.size = size;
        this.parser = parser;
    }

    String name() {
        return name;
    }

    /** Returns the fraction of the input that has been read, from 0 to 1; negative if it is unknown. */
    double fraction() {
        return size <= 0 ? -1 : Math.min(1.0, (double) bytesConsumed / size);
    }

    /** Returns the next message; null at the end. */
    @Nullable
    InputLine next() throws IOException {
        while (true) {
            byte[] line = nextLine();
            if (line == null) {
                return null;
            }
            lines++;
            InputLine message = parser.parse(lines, line);
            if (message != null) {
                return message;
            }
        }
    }

    private byte @Nullable [] nextLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean any = false;
        while (position < end || fill()) {
            any = true;
            int newline = position;
            while (newline < end && buffer[newline] != '\n') {
                newline++;
            }
            line.write(buffer, position, newline - position);
            position = Math.min(newline + 1, end);
            if (newline < end) {
                break;
            }
            if (line.size() > MAX_LINE_MEBIBYTES << 20) {
                throw new MalformedLineException(lines + 1, "longer than " + MAX_LINE_MEBIBYTES + " MiB");
            }
        }
        bytesConsumed = total - (end - position);
        return any ? withoutReturn(line.toByteArray()) : null;
    }

    private boolean fill() throws IOException {
        int read = input.read(buffer, 0, buffer.length);
        if (read < 0) {
            return false;
        }
        position = 0;
        end = read;
        total += read;
        return true;
    }

    private static byte[] withoutReturn(byte[] line) {
        int length = line.length;
        return length > 0 && line[length - 1] == '\r' ? Arrays.copyOf(line, length - 1) : line;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
