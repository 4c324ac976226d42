package dev.vela.local;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts the names that users write to paths of Pulsar's REST API. */
final class TopicPath {

    private static final Pattern TOPIC =
            Pattern.compile("(?:(persistent|non-persistent)://)?(?:([^/:]+)/([^/:]+)/)?([^/]+)");
    private static final Pattern NAMESPACE = Pattern.compile("(?:([^/:]+)/)?([^/:]+)");

    private TopicPath() {}

    /**
     * Converts {@code orders}, {@code tenant/namespace/orders} and full topic URLs to paths such as
     * {@code /admin/v2/persistent/public/default/orders}.
     */
    static String ofTopic(String topic) {
        return "/admin/v2/" + segments(parse(topic));
    }

    /** Returns the path for looking up the broker that owns a topic. */
    static String ofOwner(String topic) {
        return "/lookup/v2/topic/" + segments(parse(topic));
    }

    /** Returns the path of the namespace that contains a topic. */
    static String ofNamespaceOf(String topic) {
        Matcher name = parse(topic);
        return ofNamespace(orElse(name.group(2), "public") + '/' + orElse(name.group(3), "default"));
    }

    private static Matcher parse(String topic) {
        Matcher name = TOPIC.matcher(Objects.requireNonNull(topic, "topic"));
        if (!name.matches() || (name.group(1) != null && name.group(2) == null)) {
            throw new IllegalArgumentException("topic must be a short name, tenant/namespace/name, or that after"
                    + " persistent:// or non-persistent://, was " + topic);
        }
        return name;
    }

    private static String segments(Matcher name) {
        return orElse(name.group(1), "persistent")
                + '/'
                + encode(orElse(name.group(2), "public"))
                + '/'
                + encode(orElse(name.group(3), "default"))
                + '/'
                + encode(name.group(4));
    }

    /**
     * Converts {@code name}, in tenant {@code public}, and {@code tenant/name} to paths such as
     * {@code /admin/v2/namespaces/public/name}.
     */
    static String ofNamespace(String namespace) {
        Matcher name = NAMESPACE.matcher(Objects.requireNonNull(namespace, "namespace"));
        if (!name.matches()) {
            throw new IllegalArgumentException("namespace must be a name or tenant/name, was " + namespace);
        }
        return "/admin/v2/namespaces/" + encode(orElse(name.group(1), "public")) + '/' + encode(name.group(2));
    }

    private static String orElse(@Nullable String text, String other) {
        return text == null ? other : text;
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
