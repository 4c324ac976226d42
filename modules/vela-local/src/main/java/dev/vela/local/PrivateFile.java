package dev.vela.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A file that only its owner may read, if the file system supports owners, because it may hold secrets of a
 * configuration.
 */
final class PrivateFile {

    private PrivateFile() {}

    /** Writes lines to a new file, which replaces an existing one. */
    static void write(Path file, List<String> lines) throws IOException {
        Files.deleteIfExists(file); // others may read the old file, if an older version wrote it
        Files.createFile(file, permissions(file));
        Files.write(file, lines);
    }

    private static FileAttribute<?>[] permissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
