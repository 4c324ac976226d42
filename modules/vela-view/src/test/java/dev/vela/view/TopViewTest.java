package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopViewTest {

    private final TopView view = new TopView();
    private final List<String> restarts = new ArrayList<>();
    private CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    private final TopControl control = new TopControl(view, (instance, name) -> {
        restarts.add(instance + " " + name);
        return answer;
    });

    private static Reporting report() {
        Reporting report = new Reporting("a");
        report.topic("idle", "READY").group("", "READY", 0, 0, 0, 0);
        report.topic("busy", "READY").group("", "READY", 0, 90, 10, 1);
        report.topic("broken", "DOWN")
                .group("-partition-0", "READY", 0, 0, 5_000, 0)
                .group("-partition-1", "FENCED", 0, 3, 0, 9);
        return report;
    }

    private void show(Reporting report) {
        view.show(TopRow.of(List.of(report.parsed())));
    }

    private List<String> labels() {
        return view.lines().stream().map(line -> line.row().label()).toList();
    }

    @Test
    void labelsLeaveOutWhatMostTopicsBeginWith() {
        Reporting report = new Reporting("a");
        report.topic("persistent://public/default/orders", "READY").group("", "READY", 0, 0, 0, 0);
        report.topic("persistent://shop/eu/orders", "READY").group("", "READY", 0, 0, 0, 0);
        report.topic("non-persistent://public/default/ticks", "READY").group("", "READY", 0, 0, 0, 0);
        report.topic("billing on persistent://public/default/orders", "READY").group("", "READY", 0, 0, 0, 0);

        show(report);

        assertThat(labels())
                .containsExactlyInAnyOrder(
                        "orders", "shop/eu/orders", "non-persistent://public/default/ticks", "billing on orders");
    }

    private void press(TopKey... keys) {
        for (TopKey key : keys) {
            assertThat(control.press(key, "", 10)).isTrue();
        }
    }

    private void type(String text) {
        text.chars().forEach(c -> control.press(TopKey.TEXT, Character.toString(c), 10));
    }

    @Test
    void sortsByEachColumnTheWorstFirst() {
        show(report());
        assertThat(labels()).containsExactly("broken", "busy", "idle");
        press(TopKey.SORT);
        assertThat(view.sort()).isEqualTo(TopSort.STATE);
        assertThat(labels()).containsExactly("broken", "busy", "idle");
        press(TopKey.SORT, TopKey.SORT);
        assertThat(view.sort()).isEqualTo(TopSort.PENDING);
        assertThat(labels()).containsExactly("busy", "broken", "idle");
        press(TopKey.SORT);
        assertThat(labels()).containsExactly("broken", "busy", "idle");
        press(TopKey.SORT, TopKey.UNFOLD_ALL);
        assertThat(view.sort()).isEqualTo(TopSort.RESTARTS);
        assertThat(labels().subList(0, 4))
                .containsExactly("broken", "partition 1", "producer-partition-1", "partition 0");
        press(TopKey.SORT);
        assertThat(view.sort()).isEqualTo(TopSort.NAME);
    }

    @Test
    void unfoldsAndFolds() {
        show(report());
        press(TopKey.UNFOLD);
        assertThat(labels()).containsExactly("broken", "partition 0", "partition 1", "busy", "idle");
        press(TopKey.UNFOLD, TopKey.UNFOLD);
        assertThat(labels()).contains("producer-partition-0").doesNotContain("producer-partition-1");
        press(TopKey.DOWN);
        assertThat(view.selectedRow().label()).isEqualTo("producer-partition-0");
        press(TopKey.FOLD);
        assertThat(view.selectedRow().label()).isEqualTo("partition 0");
        press(TopKey.FOLD, TopKey.FOLD, TopKey.FOLD);
        assertThat(labels()).containsExactly("broken", "busy", "idle");
        press(TopKey.UNFOLD_ALL);
        assertThat(labels()).hasSize(9);
        press(TopKey.TOGGLE);
        assertThat(labels()).hasSize(5);
        press(TopKey.FOLD_ALL);
        assertThat(labels()).hasSize(3);
    }

    @Test
    void keepsTheSelectionOnItsRowWhenOthersComeAndGo() {
        show(report());
        press(TopKey.DOWN);
        assertThat(view.selectedRow().label()).isEqualTo("busy");

        Reporting more = report();
        more.topic("a-first", "READY");
        show(more);
        assertThat(view.selectedRow().label()).isEqualTo("busy");

        press(TopKey.END, TopKey.DOWN, TopKey.PAGE_DOWN);
        assertThat(view.selectedRow().label()).isEqualTo("idle");
        press(TopKey.HOME, TopKey.UP, TopKey.PAGE_UP);
        assertThat(view.selectedRow().label()).isEqualTo("a-first");
        show(new Reporting("b"));
        assertThat(view.selectedRow()).isNull();
        press(TopKey.UP, TopKey.DOWN, TopKey.UNFOLD, TopKey.FOLD, TopKey.TOGGLE, TopKey.END);
    }

    @Test
    void filtersAsTheUserTypesAndFindsWhatIsFolded() {
        show(report());
        press(TopKey.FILTER);
        type("Fen");
        assertThat(labels()).containsExactly("broken", "partition 1");
        type("q");
        assertThat(labels()).isEmpty();
        press(TopKey.BACKSPACE, TopKey.ENTER);
        assertThat(view.mode()).isEqualTo(TopView.Mode.TREE);
        assertThat(labels()).containsExactly("broken", "partition 1");
        press(TopKey.ESCAPE);
        assertThat(labels()).containsExactly("broken", "busy", "idle");
        press(TopKey.FILTER);
        type("busy");
        press(TopKey.ESCAPE);
        assertThat(labels()).hasSize(3);
    }

    @Test
    void restartsOnceTheUserSaysYes() {
        show(report());
        press(TopKey.RESTART);
        assertThat(view.message()).isEqualTo("restart the producers of 'broken' that are down? y/n");
        press(TopKey.NONE);
        assertThat(view.message()).isEqualTo("nothing restarted");

        press(TopKey.RESTART, TopKey.YES);
        assertThat(restarts).containsExactly("a broken");
        control.takeAnswer();
        press(TopKey.RESTART);
        assertThat(view.message()).isEqualTo("the last restart is not answered yet");
        answer.complete(null);
        control.takeAnswer();
        assertThat(view.message()).isEqualTo("restarted the producers of 'broken' that were down");
    }

    @Test
    void saysWhyARestartIsRefused() {
        show(report());
        press(TopKey.RESTART, TopKey.YES);
        answer.completeExceptionally(new IOException("stopped"));
        control.takeAnswer();
        assertThat(view.message()).isEqualTo("'broken': stopped");

        show(report().restartAllowed(false));
        press(TopKey.RESTART);
        assertThat(view.mode()).isEqualTo(TopView.Mode.TREE);
        assertThat(view.message()).isEqualTo("the application does not allow a viewer to restart producers");
        assertThat(restarts).hasSize(1);
    }

    @Test
    void leavesByItsKeys() {
        show(report());
        assertThat(control.press(TopKey.QUIT, "q", 10)).isFalse();
        assertThat(control.press(TopKey.INTERRUPT, "", 10)).isFalse();
        press(TopKey.HELP, TopKey.QUIT); // any key leaves the help
        press(TopKey.FILTER);
        assertThat(control.press(TopKey.INTERRUPT, "", 10)).isFalse();
    }
}
