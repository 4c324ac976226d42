package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running {@link Orders}. Ends with this JVM at the latest, for its standard input then does. */
final class OrdersProcess implements AutoCloseable {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Process process;

    private OrdersProcess(Process process) {
        this.process = process;
    }

    /** Starts the application with these options of its JVM, and waits until all its producers are ready. */
    static OrdersProcess start(String topic, String alone, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Orders.class.getName()));
        command.addAll(List.of(SharedPulsar.get().serviceUrl(), topic, alone));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        OrdersProcess started = new OrdersProcess(process);
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("ready")) {
                return started;
            }
        }
        throw new AssertionError("the application ended");
    }

    String pid() {
        return Long.toString(process.pid());
    }

    /** Freezes it, or has it go on: STOP or CONT. */
    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid()).start().waitFor())
                .isZero();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
