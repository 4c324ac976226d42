package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UpdateTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] STATES = {"READY", "RECONNECTING", "RESTARTING", "FENCED", "REFUSED"};

    private final Simulation shop = Simulation.shop();

    private Update after(Update before) throws IOException {
        Reading last = before == null ? Reading.NOTHING : before.reading();
        Reading next = last.next(shop.read(last.lastEvents()), false);
        return new Update(before, "shop", Instant.now(), next, null, List.of());
    }

    private static ObjectNode parse(byte[] bytes) throws IOException {
        return (ObjectNode) JSON.readTree(bytes);
    }

    @Test
    void theChangesAppliedToWhatWasThereAreAllThatThereIs() throws IOException {
        Random random = new Random(42);
        Update update = after(null);
        ObjectNode shown = parse(update.all());
        for (int round = 0; round < 200; round++) {
            for (int change = random.nextInt(4); change > 0; change--) {
                String state = STATES[random.nextInt(STATES.length)];
                shop.change("orders", random.nextInt(8), 0, state, state.equals("READY") ? null : "cause " + round);
            }
            if (round == 120) {
                shop.startAnew();
            }
            Update next = after(update);
            shown = Merge.apply(shown, parse(next.changes()));
            assertThat(shown).as("round %d", round).isEqualTo(parse(next.all()));
            update = next;
        }
    }

    @Test
    void aTopicThatWasAddedAndOneThatIsGoneAreInTheChanges() throws IOException {
        String two = report("orders", "audit");
        String other = report("audit", "bills");
        Update first = update(null, two);
        Update second = update(first, other);

        assertThat(parse(second.changes()).at("/reports/0/snapshot/gone").toString())
                .isEqualTo("[\"orders\"]");
        assertThat(Merge.apply(parse(first.all()), parse(second.changes()))).isEqualTo(parse(second.all()));
    }

    private static String report(String... topics) {
        Reporting report = new Reporting("a");
        for (String topic : topics) {
            report.topic(topic, "READY");
        }
        return report.json();
    }

    private static Update update(Update before, String json) throws IOException {
        Reading last = before == null ? Reading.NOTHING : before.reading();
        return new Update(before, "shop", Instant.now(), last.next(List.of(json), false), null, List.of());
    }

    @Test
    void aPartitionThatWasAddedReplacesTheList() throws IOException {
        assertThat(Difference.between(JSON.readTree("{\"a\":[1,2]}"), JSON.readTree("{\"a\":[1,2,3]}")))
                .hasToString("{\"a\":[1,2,3]}");
        assertThat(Difference.between(
                        JSON.readTree("{\"a\":[1,{\"b\":2,\"c\":3}]}"), JSON.readTree("{\"a\":[1,{\"b\":2}]}")))
                .hasToString("{\"a\":{\"1\":{\"c\":null}}}");
        assertThat(Difference.between(JSON.readTree("{\"a\":[1]}"), JSON.readTree("{\"a\":[1]}")))
                .isNull();
    }

    @Test
    void aReportOfAnotherFormatIsNotUnderstood() {
        assertThatThrownBy(() -> Reading.NOTHING.next(List.of("{\"format\":2}"), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("knows 1");
        assertThatThrownBy(() -> Reading.NOTHING.next(List.of("[]"), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a JSON object");
    }

    @Test
    void noMoreThanAThousandEventsAreKept() throws IOException {
        Update update = after(null);
        for (int i = 0; i < 40; i++) {
            for (int p = 0; p < 40; p++) {
                shop.change("orders", p % 8, 0, p < 8 ? "FENCED" : "READY", null);
            }
            update = after(update);
        }
        assertThat(parse(update.all()).at("/reports/0/events").size()).isEqualTo(1_000);
        assertThat(parse(update.all()).at("/reports/0/events/999/number").asInt())
                .isEqualTo(1_600);
    }
}
