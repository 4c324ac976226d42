package dev.vela.view;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Sources for commands that show what they do themselves. */
public final class Sources {

    private Sources() {}

    /**
     * Returns a source that reads the runtimes of this JVM.
     *
     * @param description what the user sees as its name
     */
    public static Source thisProcess(String description) {
        return MBeanSource.ofThisJvm(description);
    }

    /**
     * Returns a source that reads the runtimes of a process which may be replaced by another one.
     *
     * @param description what the user sees as its name
     * @param pid the process id as of now; empty while there is no process. Called on any thread
     */
    public static Source process(String description, Supplier<OptionalLong> pid) {
        return new MBeanSource(new MBeanSource.Access() {
            @Override
            public String describe() {
                return description;
            }

            @Override
            public MBeanSource.Connection connect() throws IOException {
                return Jvm.of(pid.get().orElseThrow(() -> new IOException("it does not run now")))
                        .connect();
            }
        });
    }
}
