package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real terminal: a shell in a tmux of its own. */
final class Tmux implements AutoCloseable {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final Path socket;

    /** Starts a shell in a terminal of this size, with the given folder for the socket and this class path. */
    Tmux(Path folder, int width, int height) throws IOException, InterruptedException {
        socket = folder.resolve("tmux");
        run(
                "-f",
                "/dev/null",
                "-u",
                "new-session",
                "-d",
                "-x",
                Integer.toString(width),
                "-y",
                Integer.toString(height),
                "env",
                "CLASSPATH=" + System.getProperty("java.class.path"),
                "LC_ALL=C.UTF-8",
                "PS1=prompt ",
                "sh");
        run("set-option", "-g", "status", "off");
    }

    static boolean isInstalled() {
        try {
            return new ProcessBuilder("tmux", "-V").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String run(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Types a text. */
    void type(String text) throws IOException, InterruptedException {
        run("send-keys", "-l", text);
    }

    /** Presses a key by its name in tmux, such as Enter. */
    void press(String key) throws IOException, InterruptedException {
        run("send-keys", key);
    }

    void resize(int width, int height) throws IOException, InterruptedException {
        run("resize-window", "-x", Integer.toString(width), "-y", Integer.toString(height));
    }

    /** Returns what is on the screen. */
    String screen() throws IOException, InterruptedException {
        return run("capture-pane", "-p");
    }

    /** Returns the process of the command that runs in the shell. */
    long child() throws IOException, InterruptedException {
        long shell = Long.parseLong(run("display-message", "-p", "#{pane_pid}").strip());
        return ProcessHandle.of(shell)
                .flatMap(handle -> handle.children().findFirst())
                .orElseThrow()
                .pid();
    }

    /** Returns whether the alternate buffer is shown, and whether the cursor is, each as 0 or 1. */
    String modes() throws IOException, InterruptedException {
        return run("display-message", "-p", "#{alternate_on} #{cursor_flag}").strip();
    }

    /** Waits until a line of the screen matches, in part. */
    void awaitLine(String pattern) {
        await().atMost(SOON)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(screen()).containsPattern("(?m)" + pattern));
    }

    void awaitNoLine(String pattern) {
        await().atMost(SOON)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(screen()).doesNotContainPattern("(?m)" + pattern));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("kill-server");
    }
}
