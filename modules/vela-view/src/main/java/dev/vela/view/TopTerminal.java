package dev.vela.view;

import static org.jline.keymap.KeyMap.ctrl;
import static org.jline.keymap.KeyMap.key;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** Shows a {@link TopScreen} on the terminal, in its alternate buffer, and reads the keys. */
final class TopTerminal implements AutoCloseable {

    /** How long a key or a change may wait for the screen, in milliseconds. */
    private static final long REDRAW_MILLIS = 250;

    private static final long ESCAPE_MILLIS = 100;
    private static final int LAST_FUNCTION_KEY = 34;
    private static final int LAST_MODIFIER = 8; // shift, alt and control together
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_HEIGHT = 24;

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final Thread restoring = new Thread(this::restore, "vela-view-restore");

    private final Object lock = new Object(); // held while drawing, so that nothing is drawn once restored
    private boolean restored;
    private volatile boolean resized;
    private volatile boolean interrupted;

    private TopTerminal(Terminal terminal) {
        this.terminal = terminal;
        before = terminal.getAttributes();
        display = new Display(terminal, true);
        Runtime.getRuntime().addShutdownHook(restoring);
        terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
        terminal.handle(Terminal.Signal.CONT, signal -> resized = true);
        terminal.handle(Terminal.Signal.INT, signal -> interrupted = true);
        terminal.enterRawMode();
        Attributes keys = terminal.getAttributes();
        // Ctrl-C is a key like any other, and Ctrl-\ must not print a dump of all threads into the screen.
        keys.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        terminal.setAttributes(keys);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    /** Takes the terminal if standard input and output are one that can move its cursor, else returns null. */
    static @Nullable TopTerminal take() {
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .name("vela top")
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                    .dumb(false)
                    .nativeSignals(true)
                    .signalHandler(Terminal.SignalHandler.SIG_IGN)
                    .build();
        } catch (IOException | IllegalStateException e) {
            return null;
        }
        if (terminal.getStringCapability(Capability.cursor_address) == null) {
            close(terminal);
            return null;
        }
        return new TopTerminal(terminal);
    }

    /** Whether the terminal shows more than ASCII. */
    boolean isUnicode() {
        return terminal.encoding().name().startsWith("UTF");
    }

    /** Shows the screen until the user leaves. Returns whether a signal asked for the end. */
    boolean run(TopFeed feed, TopScreen screen, Clock clock) {
        TopView view = new TopView();
        TopControl control = new TopControl(view, feed::restart);
        BindingReader reader = new BindingReader(terminal.reader());
        KeyMap<TopKey> keys = keys();
        KeyMap<TopKey> text = text();
        long version = -1;
        boolean seen = false;
        resized = true;
        Size size = size();
        while (!interrupted) {
            Watched watched = feed.watched();
            if (watched.version() != version) {
                version = watched.version();
                view.show(TopRow.of(watched.runtimes()));
                if (!seen && !watched.runtimes().isEmpty()) {
                    seen = true;
                    unfoldIfItFits(view, size.getRows());
                }
            }
            control.takeAnswer();
            if (resized) {
                resized = false;
                size = size();
                clear(size);
            }
            draw(screen.lines(watched, view, size.getColumns(), size.getRows(), clock.instant()));
            int next = reader.peekCharacter(REDRAW_MILLIS);
            if (next == NonBlockingReader.READ_EXPIRED) {
                continue;
            }
            TopKey key = next == NonBlockingReader.EOF
                    ? TopKey.INTERRUPT
                    : reader.readBinding(view.mode() == TopView.Mode.FILTER ? text : keys);
            if (key == TopKey.REDRAW) {
                resized = true;
            } else if (key == null || !control.press(key, reader.getLastBinding(), size.getRows() / 2)) {
                return false;
            }
        }
        return true;
    }

    private static void unfoldIfItFits(TopView view, int height) {
        view.unfoldAll(true);
        if (view.lines().size() > height / 2) {
            view.unfoldAll(false);
        }
    }

    private Size size() {
        Size size = terminal.getSize();
        return new Size(
                size.getColumns() > 0 ? size.getColumns() : DEFAULT_WIDTH,
                size.getRows() > 0 ? size.getRows() : DEFAULT_HEIGHT);
    }

    private void clear(Size size) {
        synchronized (lock) {
            if (!restored) {
                display.clear();
                display.resize(size.getRows(), size.getColumns());
            }
        }
    }

    private void draw(List<AttributedString> lines) {
        synchronized (lock) {
            if (!restored) {
                display.update(lines, 0);
            }
        }
    }

    private KeyMap<TopKey> keys() {
        KeyMap<TopKey> keys = moving();
        keys.setUnicode(TopKey.NONE);
        keys.bind(TopKey.UNFOLD, key(terminal, Capability.key_right), "\033[C", "\033OC", "l");
        keys.bind(TopKey.FOLD, key(terminal, Capability.key_left), "\033[D", "\033OD");
        keys.bind(TopKey.UP, "k");
        keys.bind(TopKey.DOWN, "j");
        keys.bind(TopKey.TOGGLE, " ");
        keys.bind(TopKey.UNFOLD_ALL, "+", "=");
        keys.bind(TopKey.FOLD_ALL, "-");
        keys.bind(TopKey.SORT, "s");
        keys.bind(TopKey.FILTER, "/");
        keys.bind(TopKey.RESTART, "r");
        keys.bind(TopKey.YES, "y", "Y");
        keys.bind(TopKey.HELP, "h", "?");
        keys.bind(TopKey.QUIT, "q", "Q");
        return keys;
    }

    private KeyMap<TopKey> text() {
        KeyMap<TopKey> keys = moving();
        keys.setUnicode(TopKey.TEXT);
        for (char c = ' '; c <= '~'; c++) {
            keys.bind(TopKey.TEXT, Character.toString(c));
        }
        keys.bind(TopKey.BACKSPACE, "\177", "\b");
        return keys;
    }

    private KeyMap<TopKey> moving() {
        KeyMap<TopKey> keys = new KeyMap<>();
        keys.setAmbiguousTimeout(ESCAPE_MILLIS);
        keys.setNomatch(TopKey.NONE);
        ignoreUnknownSequences(keys);
        keys.bind(TopKey.UP, key(terminal, Capability.key_up), "\033[A", "\033OA");
        keys.bind(TopKey.DOWN, key(terminal, Capability.key_down), "\033[B", "\033OB");
        keys.bind(TopKey.PAGE_UP, key(terminal, Capability.key_ppage), "\033[5~");
        keys.bind(TopKey.PAGE_DOWN, key(terminal, Capability.key_npage), "\033[6~");
        keys.bind(TopKey.HOME, key(terminal, Capability.key_home), "\033[H", "\033OH", "\033[1~");
        keys.bind(TopKey.END, key(terminal, Capability.key_end), "\033[F", "\033OF", "\033[4~");
        keys.bind(TopKey.ENTER, "\r", "\n");
        keys.bind(TopKey.ESCAPE, "\033");
        keys.bind(TopKey.INTERRUPT, ctrl('C'));
        keys.bind(TopKey.REDRAW, ctrl('L'));
        return keys;
    }

    /** Otherwise what follows the Esc of a key that is not known here would act as keys of its own. */
    private static void ignoreUnknownSequences(KeyMap<TopKey> keys) {
        for (char last = ' '; last <= '~'; last++) {
            keys.bind(TopKey.NONE, "\033" + last, "\033O" + last);
            if (last >= '@') {
                keys.bind(TopKey.NONE, "\033[" + last);
            }
        }
        for (int number = 1; number <= LAST_FUNCTION_KEY; number++) {
            for (int modifier = 1; modifier <= LAST_MODIFIER; modifier++) {
                String modified = modifier == 1 ? "" : ";" + modifier;
                keys.bind(TopKey.NONE, "\033[" + number + modified + "~");
            }
        }
        for (char last = 'A'; last <= 'Z'; last++) {
            for (int modifier = 2; modifier <= LAST_MODIFIER; modifier++) {
                keys.bind(TopKey.NONE, "\033[1;" + modifier + last);
            }
        }
    }

    /** Gives the terminal back as it was. Idempotent. */
    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException e) {
            // The JVM is ending.
        }
    }

    private void restore() {
        synchronized (lock) {
            if (restored) {
                return;
            }
            restored = true;
            terminal.puts(Capability.cursor_normal);
            terminal.puts(Capability.keypad_local);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
            terminal.setAttributes(before);
            close(terminal);
        }
    }

    private static void close(Terminal terminal) {
        try {
            terminal.close();
        } catch (IOException e) {
            // Nothing was lost.
        }
    }
}
