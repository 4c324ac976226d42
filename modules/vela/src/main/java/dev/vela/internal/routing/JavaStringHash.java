package dev.vela.internal.routing;

/**
 * {@link String#hashCode()} of a text that is never created: the hash behind the official client's
 * {@code JavaStringHash} for a byte key.
 *
 * <p>Stateless, thread-safe, never blocks, allocates nothing.
 */
public final class JavaStringHash {
    private JavaStringHash() {}

    /** Returns {@link String#hashCode()} of the base64 text of these bytes. */
    public static int hashOfBase64(byte[] bytes) {
        int hash = 0;
        for (int i = 0; i < bytes.length; i += Base64Quad.BYTES) {
            int quad = Base64Quad.at(bytes, i);
            hash = 31 * hash + (quad & 0xff);
            hash = 31 * hash + ((quad >>> 8) & 0xff);
            hash = 31 * hash + ((quad >>> 16) & 0xff);
            hash = 31 * hash + (quad >>> 24);
        }
        return hash;
    }
}
