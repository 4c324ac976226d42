package dev.vela.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The options for the source of the lines, and for their format. */
final class InputOptions {

    private static final String STANDARD_INPUT = "-";

    /** The format of a line. */
    enum Format {
        PLAIN,
        NDJSON
    }

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = STANDARD_INPUT,
            description = "The lines to publish, one message each; standard input if it is missing or -.")
    private String file = STANDARD_INPUT;

    @Option(
            names = "--format",
            paramLabel = "plain|ndjson",
            converter = Conversions.ToFormat.class,
            description =
                    "What a line is. Default: ndjson (each line is JSON, empty ones are skipped) if a field is named"
                            + " or FILE ends in .ndjson or .jsonl; plain otherwise.")
    private @Nullable Format format;

    @Option(
            names = "--key-field",
            paramLabel = "NAME",
            description = "The field of each JSON object that is the message's key: a string or a number.")
    private @Nullable String keyField;

    @Option(
            names = "--event-time-field",
            paramLabel = "NAME",
            description = "The field that is the message's event time: milliseconds of the epoch, or an instant such as"
                    + " 2026-05-01T12:30:00Z.")
    private @Nullable String eventTimeField;

    void validate(CommandSpec spec) {
        if (format == Format.PLAIN && (keyField != null || eventTimeField != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    (keyField != null ? "--key-field" : "--event-time-field") + " needs --format ndjson, was plain");
        }
        if (!isStandardInput()) {
            Path path = path();
            if (Files.isDirectory(path)) {
                throw new ParameterException(spec.commandLine(), file + " is a directory, must be a file");
            }
            if (!Files.exists(path)) {
                throw new ParameterException(spec.commandLine(), file + " does not exist");
            }
            if (!Files.isReadable(path)) {
                throw new ParameterException(spec.commandLine(), file + " cannot be read");
            }
        }
    }

    boolean isStandardInput() {
        return file.equals(STANDARD_INPUT);
    }

    LineSource open(InputStream standardInput) {
        LineParser parser = isJson() ? new JsonLineParser(keyField, eventTimeField) : new PlainLineParser();
        if (isStandardInput()) {
            return new LineSource("standard input", notClosing(standardInput), LineSource.UNKNOWN_SIZE, parser);
        }
        try {
            Path path = path();
            // A pipe or a device has no meaningful size.
            long size = Files.isRegularFile(path) ? Files.size(path) : LineSource.UNKNOWN_SIZE;
            return new LineSource(file, Files.newInputStream(path), size, parser);
        } catch (IOException e) {
            throw CommandFailedException.because("cannot open " + file, e);
        }
    }

    /**
     * Returns a stream whose close does nothing: a thread may be blocked forever in a read, and a close would wait for
     * that thread.
     */
    private static InputStream notClosing(InputStream standardInput) {
        return new FilterInputStream(standardInput) {
            @Override
            public void close() {
                // stays open
            }
        };
    }

    private boolean isJson() {
        if (format != null) {
            return format == Format.NDJSON;
        }
        String name = file.toLowerCase(Locale.ROOT);
        return keyField != null || eventTimeField != null || name.endsWith(".ndjson") || name.endsWith(".jsonl");
    }

    private Path path() {
        return Path.of(file);
    }
}
