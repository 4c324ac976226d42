package dev.vela.view;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the keys of {@code vela top} do.
 *
 * <p>Not thread-safe.
 */
final class TopControl {

    private final TopView view;
    private final BiFunction<String, String, CompletableFuture<@Nullable Void>> restart;

    private TopRow.@Nullable Target asked;
    private @Nullable CompletableFuture<@Nullable Void> answer;
    private String restarted = "";

    /**
     * Creates the control of a view.
     *
     * @param restart restarts the producer of an instance and name
     */
    TopControl(TopView view, BiFunction<String, String, CompletableFuture<@Nullable Void>> restart) {
        this.view = view;
        this.restart = restart;
    }

    /**
     * Does what a key stands for.
     *
     * @param text what was typed
     * @param page how many rows are seen
     * @return false if the user wants to leave
     */
    boolean press(TopKey key, String text, int page) {
        if (key == TopKey.INTERRUPT) {
            return false;
        }
        switch (view.mode()) {
            case FILTER -> edit(key, text, page);
            case CONFIRM -> confirm(key);
            case HELP -> {
                view.mode(TopView.Mode.TREE);
                view.message("");
            }
            case TREE -> {
                if (key == TopKey.QUIT) {
                    return false;
                }
                view.message("");
                act(key, page);
            }
        }
        return true;
    }

    private void act(TopKey key, int page) {
        switch (key) {
            case UNFOLD -> view.unfold();
            case FOLD -> view.fold();
            case TOGGLE, ENTER -> view.toggle();
            case UNFOLD_ALL -> view.unfoldAll(true);
            case FOLD_ALL -> view.unfoldAll(false);
            case SORT -> view.nextSort();
            case FILTER -> view.mode(TopView.Mode.FILTER);
            case ESCAPE -> view.filter("");
            case RESTART -> askForRestart();
            case HELP -> {
                view.mode(TopView.Mode.HELP);
                view.message("any key: back");
            }
            default -> move(key, page);
        }
    }

    private void move(TopKey key, int page) {
        switch (key) {
            case UP -> view.move(-1);
            case DOWN -> view.move(1);
            case PAGE_UP -> view.move(-Math.max(1, page));
            case PAGE_DOWN -> view.move(Math.max(1, page));
            case HOME -> view.select(0);
            case END -> view.select(view.lines().size() - 1);
            default -> {
                // Means nothing here.
            }
        }
    }

    private void edit(TopKey key, String text, int page) {
        String filter = view.filter();
        switch (key) {
            case TEXT -> view.filter(filter + text);
            case BACKSPACE ->
                view.filter(
                        filter.isEmpty() ? "" : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)));
            case ENTER -> view.mode(TopView.Mode.TREE);
            case ESCAPE -> {
                view.filter("");
                view.mode(TopView.Mode.TREE);
            }
            default -> move(key, page);
        }
    }

    private void askForRestart() {
        TopRow row = view.selectedRow();
        TopRow.Target target = row == null ? null : row.target();
        if (target == null) {
            view.message("a runtime cannot be restarted: select a producer");
        } else if (!target.allowed()) {
            view.message("the application does not allow a viewer to restart producers");
        } else if (answer != null) {
            view.message("the last restart is not answered yet");
        } else {
            asked = target;
            view.mode(TopView.Mode.CONFIRM);
            view.message("restart the producers of '" + target.name() + "' that are down? y/n");
        }
    }

    private void confirm(TopKey key) {
        view.mode(TopView.Mode.TREE);
        TopRow.Target target = asked;
        asked = null;
        if (key != TopKey.YES || target == null) {
            view.message("nothing restarted");
            return;
        }
        view.message("restarting '" + target.name() + "' …");
        restarted = target.name();
        answer = restart.apply(target.instance(), target.name());
    }

    /** Says what became of a restart, once that is known. */
    void takeAnswer() {
        CompletableFuture<@Nullable Void> done = answer;
        if (done == null || !done.isDone()) {
            return;
        }
        answer = null;
        view.message(done.handle((nothing, failure) -> failure == null
                        ? "restarted the producers of '" + restarted + "' that were down"
                        : "'" + restarted + "': " + Failures.message(Failures.cause(failure)))
                .join());
    }
}
