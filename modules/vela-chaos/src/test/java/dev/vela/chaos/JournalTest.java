package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    private Path folder;

    private final Sent keyed = new Sent(new MessageRef(2, 1, 0), "t", "k", true, 100, 5_000);
    private final Sent unkeyed =
            new Sent(new MessageRef(2, 3, 7), "u", null, false, 101, 9_000, Sent.Nature.TRANSACTIONAL);
    private final Answer stored = new Answer(Answer.Kind.STORED, 110, "1:2:-1", null);
    private final Answer unknown = new Answer(Answer.Kind.UNKNOWN, 111, null, "Some Cause");

    private final Vitals vitals = new Vitals(2, 120, 1, 2, 3, 4, 5);

    private Path write() throws IOException {
        Path file = folder.resolve("journal");
        try (Journal journal = Journal.create(file)) {
            journal.sent(keyed);
            journal.sent(unkeyed);
            journal.answered(keyed.id(), stored);
        }
        return file;
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        Path file = folder.resolve("journal");
        try (Journal journal = Journal.create(file)) {
            journal.sent(keyed);
            journal.sent(unkeyed);
            journal.answered(unkeyed.id(), unknown);
            journal.answered(keyed.id(), stored);
            journal.took(vitals);
            journal.flushedBefore(keyed.id());
            journal.ended(TransactionRef.of(unkeyed.id()), TransactionRef.End.COMMITTED);
            journal.candidacy(150);
            journal.ended(5);
        }
        History history = new History();

        assertThat(Journal.read(file, 2, null, history)).isTrue();

        assertThat(history.fate(keyed.id()).sent()).isEqualTo(keyed);
        assertThat(history.fate(keyed.id()).answer()).contains(stored);
        assertThat(history.fate(unkeyed.id()).sent()).isEqualTo(unkeyed);
        assertThat(history.fate(unkeyed.id()).answer())
                .contains(new Answer(Answer.Kind.UNKNOWN, 111, null, "Some_Cause"));
        assertThat(history.leaked()).isEqualTo(5);
        assertThat(history.vitals()).containsExactly(vitals);
        assertThat(history.flushedBefore()).containsExactly(keyed.id());
        assertThat(history.end(TransactionRef.of(unkeyed.id()))).isEqualTo(TransactionRef.End.COMMITTED);
        assertThat(history.candidacies(2, 149)).isZero();
        assertThat(history.candidacies(2, 150)).isEqualTo(1);
        assertThat(history.oddities()).isEmpty();
    }

    @Test
    void whatTheKilledHadNoAnswerToIsUnknown() throws Exception {
        History history = new History();

        assertThat(Journal.read(write(), 2, 200L, history)).isFalse();

        assertThat(history.fate(keyed.id()).answer()).contains(stored);
        assertThat(history.fate(unkeyed.id()).answer())
                .contains(new Answer(Answer.Kind.UNKNOWN, 200, null, History.KILLED));
    }

    @Test
    void halfALineAtItsEndIsPassedOver() throws Exception {
        Path file = write();
        Files.writeString(file, "A 3 7 STOR", StandardOpenOption.APPEND);
        History history = new History();

        Journal.read(file, 2, null, history);

        assertThat(history.fate(unkeyed.id()).answer()).isEmpty();
    }

    @Test
    void noFileIsALifeThatDidNothing() throws Exception {
        History history = new History();

        assertThat(Journal.read(folder.resolve("none"), 2, 3L, history)).isFalse();

        assertThat(history.fates()).isEmpty();
    }

    @Test
    void anythingElseIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("other"), "Z 1\n");

        assertThatThrownBy(() -> Journal.read(file, 0, null, new History()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Z 1");
    }
}
