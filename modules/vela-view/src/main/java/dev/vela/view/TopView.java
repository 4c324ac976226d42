package dev.vela.view;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the user looks at: order, filter, what is unfolded, which row is selected, and which part is seen.
 *
 * <p>Not thread-safe.
 */
final class TopView {

    /** What keys mean. */
    enum Mode {
        TREE,
        FILTER,
        CONFIRM,
        HELP
    }

    /**
     * A row that is not folded away.
     *
     * @param row the row
     * @param depth how far below the highest level it is
     * @param unfolded whether the rows below it are shown
     */
    record Line(TopRow row, int depth, boolean unfolded) {}

    private TopSort sort = TopSort.NAME;
    private String filter = "";
    private Mode mode = Mode.TREE;
    private String message = "";

    private boolean unfoldedByDefault;
    private final Set<String> exceptions = new HashSet<>();

    private List<TopRow> tree = List.of();
    private List<Line> lines = List.of();
    private int selected;
    private @Nullable String selectedKey;
    private int first;

    /** Takes the tree of a new report. The selection stays on the same row. */
    void show(List<TopRow> newTree) {
        tree = newTree;
        arrange();
    }

    private void arrange() {
        List<Line> arranged = new ArrayList<>();
        add(tree, 0, false, arranged);
        lines = arranged;
        int found = -1;
        for (int i = 0; i < arranged.size() && found < 0; i++) {
            if (arranged.get(i).row().key().equals(selectedKey)) {
                found = i;
            }
        }
        select(found < 0 ? selected : found);
    }

    private void add(List<TopRow> rows, int depth, boolean parentMatches, List<Line> to) {
        List<TopRow> sorted = new ArrayList<>(rows);
        sorted.sort(sort.order());
        for (TopRow row : sorted) {
            boolean matches = parentMatches || filter.isEmpty() || row.matches(filter);
            int place = to.size();
            boolean unfolded = isUnfolded(row);
            if (unfolded || !matches) {
                add(row.children(), depth + 1, matches, to);
            }
            if (matches || to.size() > place) {
                to.add(place, new Line(row, depth, to.size() > place));
            }
        }
    }

    private boolean isUnfolded(TopRow row) {
        return unfoldedByDefault != exceptions.contains(row.key());
    }

    List<Line> lines() {
        return lines;
    }

    int selected() {
        return selected;
    }

    @Nullable
    TopRow selectedRow() {
        return lines.isEmpty() ? null : lines.get(selected).row();
    }

    void move(int by) {
        select(selected + by);
    }

    void select(int line) {
        selected = Math.max(0, Math.min(line, lines.size() - 1));
        selectedKey = lines.isEmpty() ? selectedKey : lines.get(selected).row().key();
    }

    /** Scrolls until the selected line is visible, and returns the first visible line. */
    int firstOf(int visible) {
        if (selected < first) {
            first = selected;
        } else if (selected >= first + visible) {
            first = selected - visible + 1;
        }
        first = Math.max(0, Math.min(first, lines.size() - visible));
        return first;
    }

    /** Unfolds the selected row; if it is unfolded already, goes to the first below it. */
    void unfold() {
        TopRow row = selectedRow();
        if (row == null || row.children().isEmpty()) {
            return;
        }
        if (lines.get(selected).unfolded()) {
            move(1);
        } else {
            toggle(row);
        }
    }

    /** Folds the selected row; if it is folded already, goes to the one above it in the tree. */
    void fold() {
        TopRow row = selectedRow();
        if (row == null) {
            return;
        }
        if (isUnfolded(row) && !row.children().isEmpty()) {
            toggle(row);
            return;
        }
        int depth = lines.get(selected).depth();
        for (int i = selected - 1; i >= 0; i--) {
            if (lines.get(i).depth() < depth) {
                select(i);
                return;
            }
        }
    }

    /** Folds or unfolds the selected row. */
    void toggle() {
        TopRow row = selectedRow();
        if (row != null && !row.children().isEmpty()) {
            toggle(row);
        }
    }

    private void toggle(TopRow row) {
        if (!exceptions.remove(row.key())) {
            exceptions.add(row.key());
        }
        arrange();
    }

    /** Unfolds or folds all rows, also those to come. */
    void unfoldAll(boolean unfolded) {
        unfoldedByDefault = unfolded;
        exceptions.clear();
        arrange();
    }

    TopSort sort() {
        return sort;
    }

    void nextSort() {
        sort = sort.next();
        arrange();
    }

    String filter() {
        return filter;
    }

    /** Shows the rows that have this text in name, state or broker, with those above and below them. */
    void filter(String text) {
        filter = text.toLowerCase(Locale.ROOT);
        arrange();
    }

    Mode mode() {
        return mode;
    }

    void mode(Mode newMode) {
        mode = newMode;
    }

    String message() {
        return message;
    }

    /** Says something to the user, until the next key. */
    void message(String text) {
        message = text;
    }
}
