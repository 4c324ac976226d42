package dev.vela;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setter of a builder is a row of docs/configuration.md, and nothing else is. */
class ConfigurationDocumentTest {
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);

    @ParameterizedTest
    @ValueSource(classes = {SupervisedProducerBuilder.class, VelaBuilder.class})
    void hasARowForEachSetting(Class<?> builder) throws IOException {
        String document = Files.readString(Path.of("../../docs/configuration.md"));
        String section = Arrays.stream(document.split("(?m)^## "))
                .filter(part -> part.lines().findFirst().orElse("").contains('`' + builder.getSimpleName() + '`'))
                .collect(Collectors.joining());

        Set<String> rows =
                ROW.matcher(section).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows).isEqualTo(setters(builder));
    }

    private static Set<String> setters(Class<?> builder) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == builder)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
