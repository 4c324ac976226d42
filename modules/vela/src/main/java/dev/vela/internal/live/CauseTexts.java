package dev.vela.internal.live;

import java.util.IdentityHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The texts of the causes in one snapshot. A text takes some microseconds, and snapshots follow one another with the same
 * causes, so texts of the snapshot before are taken over. <em>Not</em> thread-safe.
 */
final class CauseTexts {
    private final IdentityHashMap<Throwable, String> before;
    private final IdentityHashMap<Throwable, String> texts = new IdentityHashMap<>();

    /** Begins with the texts of the snapshot before, which do not change any more. */
    CauseTexts(IdentityHashMap<Throwable, String> before) {
        this.before = before;
    }

    @Nullable
    String of(Optional<Throwable> cause) {
        return cause.map(its -> texts.computeIfAbsent(its, this::text)).orElse(null);
    }

    private String text(Throwable cause) {
        String known = before.get(cause);
        return known == null ? CauseText.of(cause) : known;
    }

    /** All texts of this snapshot. */
    IdentityHashMap<Throwable, String> all() {
        return texts;
    }
}
