package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPathTest {

    @ParameterizedTest
    @CsvSource({
        "orders, /admin/v2/persistent/public/default/orders",
        "a:b c, /admin/v2/persistent/public/default/a%3Ab%20c",
        "t/n/orders, /admin/v2/persistent/t/n/orders",
        "persistent://t/n/orders, /admin/v2/persistent/t/n/orders",
        "non-persistent://t/n/orders, /admin/v2/non-persistent/t/n/orders",
    })
    void acceptsTopicsOfAllForms(String topic, String path) {
        assertThat(TopicPath.ofTopic(topic)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "orders, /lookup/v2/topic/persistent/public/default/orders, /admin/v2/namespaces/public/default",
        "non-persistent://t/n/orders, /lookup/v2/topic/non-persistent/t/n/orders, /admin/v2/namespaces/t/n",
    })
    void tellsTopicsOwnersAndNamespaces(String topic, String owner, String namespace) {
        assertThat(TopicPath.ofOwner(topic)).isEqualTo(owner);
        assertThat(TopicPath.ofNamespaceOf(topic)).isEqualTo(namespace);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n/orders", "a/t/n/orders", "persistent://orders", "other://t/n/orders", "t/n/"})
    void refusesOtherTopics(String topic) {
        assertThatThrownBy(() -> TopicPath.ofTopic(topic))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("topic must be ")
                .hasMessageEndingWith("was " + topic);
    }

    @ParameterizedTest
    @CsvSource({"n, /admin/v2/namespaces/public/n", "t/n, /admin/v2/namespaces/t/n"})
    void acceptsNamespacesOfBothForms(String namespace, String path) {
        assertThat(TopicPath.ofNamespace(namespace)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b/c", "/n", "persistent://t/n"})
    void refusesOtherNamespaces(String namespace) {
        assertThatThrownBy(() -> TopicPath.ofNamespace(namespace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("namespace must be ");
    }
}
