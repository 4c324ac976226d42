package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;

/** The key pair of a run, in a folder, in the format that the client's encryption reads. Thread-safe. */
final class KeyFiles implements CryptoKeyReader {

    /** The name of the key. */
    static final String NAME = "chaos";

    private static final long serialVersionUID = 1L;
    private static final String PUBLIC = "public-key.pem";
    private static final String PRIVATE = "private-key.pem";
    private static final int BITS = 2048;

    private final String folder;

    KeyFiles(Path folder) {
        this.folder = folder.toString();
    }

    /** Writes a new key pair to a folder. */
    static KeyFiles create(Path folder) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            Files.writeString(folder.resolve(PUBLIC), pem("PUBLIC KEY", pair.getPublic()));
            Files.writeString(folder.resolve(PRIVATE), pem("PRIVATE KEY", pair.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw new IOException("no pair of keys can be made", e);
        }
        return new KeyFiles(folder);
    }

    private static String pem(String type, Key key) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    @Override
    public EncryptionKeyInfo getPublicKey(String name, Map<String, String> metadata) {
        return read(PUBLIC);
    }

    @Override
    public EncryptionKeyInfo getPrivateKey(String name, Map<String, String> metadata) {
        return read(PRIVATE);
    }

    private EncryptionKeyInfo read(String file) {
        try {
            return new EncryptionKeyInfo(Files.readString(Path.of(folder, file)).getBytes(US_ASCII), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
