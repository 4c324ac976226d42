package dev.vela.view;

/** A key, or what it stands for. */
enum TopKey {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    UNFOLD,
    FOLD,
    TOGGLE,
    UNFOLD_ALL,
    FOLD_ALL,
    SORT,
    FILTER,
    RESTART,
    YES,
    HELP,
    QUIT,
    ESCAPE,
    ENTER,
    BACKSPACE,
    INTERRUPT,
    REDRAW,
    TEXT,
    NONE
}
