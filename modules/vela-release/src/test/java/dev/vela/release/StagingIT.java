package dev.vela.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.release.Release.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Maven Central asks of a release, as far as it can be checked without Maven Central. */
class StagingIT {

    /** The class files' version of Java 17. */
    private static final int JAVA_17 = 61;

    static List<Module> modules() {
        return Release.modules();
    }

    static List<Module> jars() {
        return modules().stream().filter(Module::isJar).toList();
    }

    @Test
    void theBomManagesWhatIsPublishedAndNothingElse() {
        Module bom = module("vela-bom");
        assertThat(bom.pom().text("packaging")).isEqualTo("pom");
        assertThat(bom.pom().dependencies()).isEmpty();
        assertThat(bom.pom().managed()).extracting(Pom.Dependency::group).containsOnly("dev.vela");
        assertThat(bom.pom().managed()).extracting(Pom.Dependency::version).containsOnly(Release.VERSION);
        assertThat(bom.pom().managed())
                .extracting(Pom.Dependency::artifact)
                .contains("vela")
                .containsExactlyInAnyOrderElementsOf(
                        jars().stream().map(Module::name).toList());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aPomTellsWhatTheModuleIs(Module module) {
        Pom pom = module.pom();
        for (String element : List.of(
                "name",
                "description",
                "url",
                "licenses/license/name",
                "licenses/license/url",
                "developers/developer/name",
                "developers/developer/url",
                "scm/url",
                "scm/connection",
                "scm/developerConnection")) {
            assertThat(pom.text(element)).as(element).isNotEmpty();
        }
        assertThat(pom.text("groupId")).isEqualTo("dev.vela");
        assertThat(pom.text("artifactId")).isEqualTo(module.name());
        assertThat(pom.text("version")).isEqualTo(Release.VERSION);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aPomNeedsNothingThatIsNotPublished(Module module) {
        Pom pom = module.pom();
        for (String element : List.of("parent", "repositories", "pluginRepositories", "profiles", "build", "modules")) {
            assertThat(pom.has(element)).as(element).isFalse();
        }
        List<String> published = modules().stream().map(Module::name).toList();
        assertThat(pom.dependencies()).allSatisfy(dependency -> {
            assertThat(dependency.scope()).isIn("compile", "provided", "runtime");
            if (dependency.group().equals("dev.vela")) {
                assertThat(dependency.artifact()).isIn(published);
                assertThat(dependency.version()).isEqualTo(Release.VERSION);
            } else {
                assertThat(dependency.version()).isNotEmpty().doesNotContain("SNAPSHOT");
            }
        });
        assertThat(pom.texts()).noneMatch(text -> text.contains("${"));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleIsComplete(Module module) {
        List<String> ends = module.isJar()
                ? List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")
                : List.of(".pom", "-cyclonedx.json");
        assertThat(module.files())
                .containsExactlyInAnyOrderElementsOf(ends.stream()
                        .flatMap(end -> Stream.of(module.file(end), module.file(end + ".asc")))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void checksumsAreRight(Module module) throws Exception {
        for (Path file : module.files()) {
            if (!file.toString().endsWith(".asc")) {
                byte[] bytes = Files.readAllBytes(file);
                for (Map.Entry<String, String> checksum :
                        Map.of(".md5", "MD5", ".sha1", "SHA-1").entrySet()) {
                    assertThat(Path.of(file + checksum.getKey()))
                            .content()
                            .isEqualToIgnoringNewLines(HexFormat.of()
                                    .formatHex(MessageDigest.getInstance(checksum.getValue())
                                            .digest(bytes)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void signaturesVerify(Module module, @TempDir Path folder) throws Exception {
        String key = System.getProperty("vela.key.folder", "");
        for (Path file : module.files()) {
            if (!file.toString().endsWith(".asc")) {
                List<String> command = new ArrayList<>();
                if (key.isEmpty()) {
                    command.addAll(List.of("gpg", "--batch", "--verify"));
                } else {
                    command.addAll(List.of("gpgv", "--keyring", key + "/public.gpg"));
                }
                command.addAll(List.of(file + ".asc", file.toString()));
                // A key that is given is in its owner's own keyring.
                String home = key.isEmpty() ? System.getProperty("user.home") : folder.toString();
                Command verified = Command.run(folder, Map.of("HOME", home), command);
                assertThat(verified.status()).as(verified.err()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void aJarCarriesItsLicenceAndAName(Module module) throws IOException {
        byte[] licence = Files.readAllBytes(Release.ROOT.resolve("LICENSE"));
        for (String end : List.of(".jar", "-sources.jar")) {
            try (JarFile jar = new JarFile(module.file(end).toFile())) {
                assertThat(bytes(jar, "META-INF/LICENSE")).isEqualTo(licence);
            }
        }
        try (JarFile jar = new JarFile(module.file(".jar").toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .startsWith("dev.vela");
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void everyClassRunsOnJava17AndHasItsSource(Module module) throws IOException {
        try (JarFile jar = new JarFile(module.file(".jar").toFile());
                JarFile sources = new JarFile(module.file("-sources.jar").toFile())) {
            List<String> classes =
                    names(jar).filter(name -> name.endsWith(".class")).toList();
            assertThat(classes).isNotEmpty();
            for (String name : classes) {
                byte[] bytes = bytes(jar, name);
                assertThat(bytes[6] << 8 | bytes[7]).as(name).isLessThanOrEqualTo(JAVA_17);
                String source = name.replaceFirst("(\\$.*)?\\.class$", ".java");
                assertThat(sources.getEntry(source)).as(source).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void theJavadocShowsWhatIsPublicOnly(Module module) throws IOException {
        try (JarFile javadoc = new JarFile(module.file("-javadoc.jar").toFile())) {
            assertThat(javadoc.getEntry("index.html")).isNotNull();
            assertThat(names(javadoc).filter(name -> name.matches("dev/vela/.*[A-Z].*\\.html")))
                    .isNotEmpty()
                    .noneMatch(name -> name.startsWith("dev/vela/internal/"));
        }
    }

    private static Module module(String name) {
        return modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> names(JarFile jar) {
        return jar.stream().map(ZipEntry::getName);
    }

    private static byte[] bytes(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        return jar.getInputStream(entry).readAllBytes();
    }
}
