import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A build step: lists the jars of its own class path, each as its SHA-256 and its path in the local Maven
 * repository. Arguments: that repository, and the folder of the module's classes.
 */
public final class ListJars {

    public static void main(String[] args) throws IOException {
        Path repository = Path.of(args[0]).toRealPath();
        Path classes = Path.of(args[1]);
        String lines = Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !Path.of(entry).equals(classes))
                .map(entry -> line(repository, Path.of(entry)))
                .collect(Collectors.joining());
        Files.writeString(classes.resolve("dev/vela/local/server/jars.txt"), lines);
    }

    private static String line(Path repository, Path jar) {
        try {
            Path real = jar.toRealPath();
            if (!real.startsWith(repository)) {
                throw new IllegalStateException(jar + " must be inside the local repository " + repository);
            }
            return sha256(real) + ' ' + repository.relativize(real).toString().replace('\\', '/') + '\n';
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot read " + jar, e);
        }
    }

    private static String sha256(Path jar) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
