package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The payload of a message of a run: a checksum, followed by the identity of the message, its key, and padding. */
final class Payload {

    private static final int CHECKSUM_CHARS = 8;
    private static final char PADDING = 'x';

    private Payload() {}

    /** Returns the payload of a message, padded to at least the given number of bytes. */
    static byte[] of(MessageRef id, @Nullable String key, int bytes) {
        String body = " " + id.life() + " " + id.sender() + " " + id.number() + " " + (key == null ? "-" : key) + " ";
        byte[] ascii = body.getBytes(US_ASCII);
        byte[] payload = new byte[Math.max(bytes, CHECKSUM_CHARS + ascii.length)];
        Arrays.fill(payload, (byte) PADDING);
        System.arraycopy(ascii, 0, payload, CHECKSUM_CHARS, ascii.length);
        System.arraycopy(checksum(payload), 0, payload, 0, CHECKSUM_CHARS);
        return payload;
    }

    /**
     * Reads a payload.
     *
     * @param key the key of the message that carried it
     */
    static Reading read(String partition, String place, @Nullable String key, byte[] payload) {
        MessageRef id = parse(payload);
        boolean intact = id != null
                && Arrays.equals(checksum(payload), Arrays.copyOf(payload, CHECKSUM_CHARS))
                && field(payload, 4).equals(key == null ? "-" : key);
        return new Reading(partition, place, id, intact);
    }

    private static @Nullable MessageRef parse(byte[] payload) {
        try {
            return new MessageRef(
                    Integer.parseInt(field(payload, 1)),
                    Integer.parseInt(field(payload, 2)),
                    Integer.parseInt(field(payload, 3)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String field(byte[] payload, int index) {
        String[] fields = new String(payload, 0, Math.min(payload.length, 200), US_ASCII).split(" ", -1);
        if (index >= fields.length) {
            throw new IllegalArgumentException("no field " + index);
        }
        return fields[index];
    }

    private static byte[] checksum(byte[] payload) {
        CRC32 crc = new CRC32();
        int from = Math.min(CHECKSUM_CHARS, payload.length);
        crc.update(payload, from, payload.length - from);
        return String.format(Locale.ROOT, "%08x", crc.getValue()).getBytes(US_ASCII);
    }
}
