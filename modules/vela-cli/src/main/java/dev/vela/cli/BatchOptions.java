package dev.vela.cli;

import dev.vela.Batching;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for batching: whether messages share entries, and how. */
final class BatchOptions {

    @Option(names = "--batch", description = "Sends messages in batches.")
    private boolean batch;

    @Option(
            names = "--batch-messages",
            paramLabel = "N",
            description = "The most messages in a batch. Default: 1000. Implies --batch.")
    private @Nullable Integer messages;

    @Option(
            names = "--batch-bytes",
            paramLabel = "N",
            description = "The most bytes in a batch. Default: 131072. Implies --batch.")
    private @Nullable Integer bytes;

    @Option(
            names = "--batch-interval",
            paramLabel = "DURATION",
            converter = Conversions.ToDuration.class,
            description = "How long a message waits for others at most. Default: 10ms. Implies --batch.")
    private @Nullable Duration interval;

    @Option(
            names = "--batch-at-interval",
            description = "Has a batch that is not full wait for the interval, even if nothing else is on its way."
                    + " Implies --batch.")
    private boolean atInterval;

    @Option(
            names = "--batch-by-key",
            description = "One key in each batch, for consumers of a Key_Shared subscription. Implies --batch.")
    private boolean byKey;

    /** Returns the batching, or null for no batching. */
    @Nullable
    Batching batching(CommandSpec spec) {
        if (!batch && messages == null && bytes == null && interval == null && !atInterval && !byKey) {
            return null;
        }
        Batching batching = Batching.defaults();
        try {
            batching = messages == null ? batching : batching.withMaxMessages(messages);
            batching = bytes == null ? batching : batching.withMaxBytes(bytes);
            batching = interval == null ? batching : batching.withFlushInterval(interval);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), inWordsOfTheCommand(e), e);
        }
        batching = atInterval ? batching.withFlush(Batching.Flush.AT_INTERVAL) : batching;
        return byKey ? batching.withKeyBased() : batching;
    }

    private String inWordsOfTheCommand(IllegalArgumentException refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (interval != null && message.startsWith("flushInterval")) {
            return "--batch-interval must be in [1ms, 1m], was " + Conversions.text(interval);
        }
        return message.replace("maxMessages", "--batch-messages").replace("maxBytes", "--batch-bytes");
    }
}
