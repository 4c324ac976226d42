package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that Spring Boot has processed ahead of time, as for a native image, runs on the JVM. */
@Tag("full")
class AotIT {
    private static final String WITHOUT_WEB = "--spring.main.web-application-type=none";

    private static final String WITH_ENDPOINTS = "--management.endpoints.web.exposure.include=vela,velaview";

    @TempDir
    Path folder;

    @Test
    void anApplicationProcessedAheadOfTimeIsSupervisedAndItsHintsAreThoseOfItsClient() throws Exception {
        // Given
        Path sources = folder.resolve("sources");
        Path resources = folder.resolve("resources");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        java(
                List.of(),
                "org.springframework.boot.SpringApplicationAotProcessor",
                AotApplication.class.getName(),
                sources.toString(),
                resources.toString(),
                classes.toString(),
                "group",
                "artifact",
                WITHOUT_WEB,
                WITH_ENDPOINTS);
        compile(sources, classes);

        // When
        String output = java(
                List.of(classes, resources),
                "-Dspring.aot.enabled=true",
                AotApplication.class.getName(),
                WITHOUT_WEB,
                WITH_ENDPOINTS,
                "--spring.pulsar.client.service-url=" + Broker.pulsar().serviceUrl());

        // Then
        assertThat(output).contains("producers [persistent://public/default/ahead-of-time");
        String interfaces = output.lines()
                .filter(line -> line.startsWith("interface "))
                .map(line -> '"' + line.substring("interface ".length()) + '"')
                .collect(Collectors.joining(","));
        assertThat(interfaces).contains("PulsarClient").contains("SmartLifecycle");
        String hints = text(resources).replaceAll("\\s", "");
        assertThat(hints)
                .contains("[" + interfaces + "]")
                .contains("dev.vela.spring.VelaProperties")
                .contains("dev.vela.spring.VelaEndpoint$Description")
                .contains("dev\\/vela\\/view\\/index.html");
        assertThat(hints).containsPattern(field("org.apache.pulsar.client.impl.ProducerImpl", "topicEpoch"));
        assertThat(hints)
                .containsPattern(field("org.apache.pulsar.client.impl.conf.ProducerConfigurationData", "topicName"));
        assertThat(Broker.values("persistent://public/default/ahead-of-time", 1))
                .containsExactly("order");
    }

    /** A type and one of its fields, in the words of Spring 6 or 7, before any other type. */
    private static String field(String type, String field) {
        return "\"(name|type)\":\"" + Pattern.quote(type) + "\"((?!\"[a-z]+\":\"org\\.|\"type\":).)*\"name\":\"" + field
                + "\"";
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classPath(List.of(classes))));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
    }

    private static String text(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    /** Runs a main class with options and arguments, and returns what it prints. */
    private String java(List<Path> first, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.springframework.boot.logging.LoggingSystem=none",
                "-cp",
                classPath(first)));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int result = process.waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(result).as(printed).isZero();
        return printed;
    }

    private static String classPath(List<Path> first) {
        return Stream.concat(first.stream().map(Path::toString), Stream.of(System.getProperty("java.class.path")))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
