package dev.vela.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A server's folder, with its data, its log and its ports, or the parent of several servers' folders. Locked while
 * open; a temporary folder is deleted on close.
 */
final class ServerFolder implements AutoCloseable {

    private static final int TAIL_LINES = 60;
    private static final int TAIL_BYTES = 64 * 1024;
    private static final System.Logger LOG = System.getLogger(ServerFolder.class.getName());

    private final Path path;
    private final boolean temporary;
    private final @Nullable FileChannel lock;

    private ServerFolder(Path path, boolean temporary, @Nullable FileChannel lock) {
        this.path = path;
        this.temporary = temporary;
        this.lock = lock;
    }

    private static ServerFolder locked(Path path, boolean temporary) throws IOException {
        FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(lock)) {
            lock.close();
            throw new LocalPulsarException("folder " + path + " is in use by another local Pulsar");
        }
        return new ServerFolder(path, temporary, lock);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock acquired = channel.tryLock();
            return acquired != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * Opens a folder, and creates it if necessary.
     *
     * @param path the path; null for a temporary folder
     */
    static ServerFolder open(@Nullable Path path) {
        try {
            return path == null
                    ? locked(Files.createTempDirectory("vela-local-"), true)
                    : locked(Files.createDirectories(path.toAbsolutePath()), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the folder of a local Pulsar", e);
        }
    }

    /** Returns a subfolder for one of several servers. It is deleted with this folder, and need not be closed. */
    ServerFolder part(String name) {
        try {
            return new ServerFolder(Files.createDirectories(path.resolve(name)), false, null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + path.resolve(name), e);
        }
    }

    Path path() {
        return path;
    }

    boolean isTemporary() {
        return temporary;
    }

    Path log() {
        return path.resolve("server.log");
    }

    /**
     * Returns an empty folder for files that the server unpacks, such as native libraries, and that a killed server
     * leaves behind.
     */
    Path emptyScratch() {
        Path scratch = path.resolve("tmp");
        try {
            if (Files.exists(scratch)) {
                delete(scratch);
            }
            return Files.createDirectory(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + scratch, e);
        }
    }

    /** Unpacks the embedded jar of the server into this folder. */
    Path unpackServer() {
        Path jar = path.resolve("vela-local-server.jar");
        try (InputStream in = ServerFolder.class.getResourceAsStream("vela-local-server.jar")) {
            if (in == null) {
                throw new LocalPulsarException("vela-local-server.jar is not embedded beside " + ServerFolder.class);
            }
            Path part = Files.createTempFile(path, "server", ".part");
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            return Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + jar, e);
        }
    }

    /** Whether a server ran here before, so that its clients, and its bookie's cookie, know its ports. */
    boolean hasPorts() {
        return Files.exists(path.resolve("ports"));
    }

    /**
     * Returns the ports of the server that ran here before, or free ports.
     *
     * @param count the number of ports that the server listens on
     */
    Ports ports(int count) {
        try {
            return hasPorts()
                    ? Ports.parse(Files.readString(path.resolve("ports")), count)
                    : Ports.free(count, new Random());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ports of " + path, e);
        }
    }

    /** Stores the ports of this folder. */
    void keepPorts(Ports ports) {
        try {
            Files.writeString(path.resolve("ports"), ports.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the ports of " + path, e);
        }
    }

    /** Returns the last lines of the log; empty if there is no log. */
    String logTail() {
        try (FileChannel channel = FileChannel.open(log())) {
            long start = Math.max(0, channel.size() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (channel.size() - start)];
            int read = channel.read(ByteBuffer.wrap(bytes), start);
            List<String> lines = new String(bytes, 0, Math.max(read, 0), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /** Unlocks the folder, and deletes it if it is temporary. */
    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
            if (temporary) {
                delete(path);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "could not close " + path, e);
        }
    }

    /** Deletes a tree; another process, such as the watchdog, may be deleting it concurrently. */
    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(path);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
