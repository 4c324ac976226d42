package dev.vela.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a command has printed, and how it ended.
 *
 * @param status its exit status
 */
record Command(int status, String out, String err) {

    /** Runs a command in a folder, with no environment but a search path and the given variables. */
    static Command run(Path folder, Map<String, String> environment, List<String> command) throws Exception {
        Path out = Files.createTempFile("vela-release-", ".out");
        Path err = Files.createTempFile("vela-release-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            String path = System.getenv("PATH");
            builder.environment().clear();
            builder.environment().put("PATH", path);
            builder.environment().putAll(environment);
            int status = builder.start().waitFor();
            return new Command(status, text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
