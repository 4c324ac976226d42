package dev.vela.behaviour;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A topic's own limit of an entry's size, below that of the broker. */
final class TopicLimit {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private TopicLimit() {}

    /** A fresh topic with a limit that holds from its first message on. */
    static String freshTopic(String prefix, int maxBytes) throws Exception {
        String topic = Broker.freshTopic(prefix);
        URI uri = URI.create(Broker.pulsar().adminUrl() + "/admin/v2/" + topic.replace("://", "/") + "/maxMessageSize");
        request(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Integer.toString(maxBytes))));
        String expected = Integer.toString(maxBytes);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> request(HttpRequest.newBuilder(uri).GET()).equals(expected));
        Broker.admin().unloadTopic(topic); // it reads its policies when it is loaded
        return topic;
    }

    private static String request(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
