package dev.vela.frameworks.recipes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Virtual threads, on a JDK that has them, and a recording of those that could not leave their carriers. */
final class PinnedThreads implements AutoCloseable {
    static final boolean EXIST = Runtime.version().feature() >= 21;
    private static final String PINNED = "jdk.VirtualThreadPinned";
    static final String SKIPPED = "virtual threads come with JDK 21";

    private final Recording recording = new Recording();

    PinnedThreads() {
        recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
        recording.start();
    }

    static ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** The events until now, each as its frames; the recording is over then. */
    List<List<String>> stacks(Path file) throws Exception {
        recording.stop();
        recording.dump(file);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(PINNED)) // all of an application's are recorded
                .map(event -> Objects.requireNonNull(event.getStackTrace()).getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName() + "."
                                + frame.getMethod().getName())
                        .toList())
                .toList();
    }

    @Override
    public void close() {
        recording.close();
    }
}
