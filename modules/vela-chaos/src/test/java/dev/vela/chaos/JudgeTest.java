package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each kind of violation is found, and what is none is not taken for one. */
class JudgeTest {

    private static final String TOPIC = "t";
    private static final long TIMEOUT = 5_000;
    private static final Promises STRICT = new Promises(true, List.of(), Set.of(), Duration.ofSeconds(10));
    private static final Promises LENIENT = new Promises(false, List.of(), Set.of(), Duration.ofSeconds(10));

    private final History history = new History();
    private int place;

    private static MessageRef ref(int number) {
        return new MessageRef(0, 0, number);
    }

    private void send(int number, @Nullable String key) {
        history.sent(new Sent(ref(number), TOPIC, key, true, number, TIMEOUT));
    }

    private void answer(int number, Answer.Kind kind) {
        history.answered(ref(number), new Answer(kind, number + 10, null, null));
    }

    private void read(int number, int partition) {
        history.read(new Reading(TOPIC + "-partition-" + partition, "p" + place++, ref(number), true));
    }

    private void store(int number, @Nullable String key, int partition) {
        send(number, key);
        answer(number, Answer.Kind.STORED);
        read(number, partition);
    }

    private Verdict strict() {
        return Judge.judge(history, STRICT);
    }

    @Test
    void aHistoryWithoutMessagesIsClean() {
        assertThat(strict().isClean()).isTrue();
    }

    @Test
    void aCorrectHistoryIsClean() {
        store(0, "k", 0);
        store(1, null, 1);
        store(2, "k", 0);
        send(3, "k");
        answer(3, Answer.Kind.FAILED);
        send(4, "k");
        answer(4, Answer.Kind.UNKNOWN);
        send(5, null);
        answer(5, Answer.Kind.UNKNOWN);
        read(5, 2);
        store(6, "k", 0);

        Verdict verdict = strict();

        assertThat(verdict.isClean()).isTrue();
        assertThat(verdict).isEqualTo(new Verdict(7, 4, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true, List.of()));
    }

    @Test
    void storedAndNotReadIsLost() {
        send(0, "k");
        answer(0, Answer.Kind.STORED);

        assertThat(strict().lost()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
        assertThat(strict().examples()).singleElement().asString().contains("lost", "0.0.0");
    }

    @Test
    void whatTheBrokerTookForADuplicateAfterItFailedToWriteItIsDropped() {
        LocalDateTime failed = LocalDateTime.of(2026, 11, 27, 2, 2, 53, 645_000_000);
        long at = failed.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
        WriteFailures failures = new WriteFailures();
        failures.read(failed + " nothing of the kind");
        failures.read(
                "2026-11-27T02:02:53,645 WARN  [BookKeeperClientWorker-OrderedExecutor-1-0] o.a.p.b.s.p.PersistentTopic"
                        + " [t-partition-2] Failed to persist msg in store: Not enough non-faulty bookies available");
        Promises promises = new Promises(true, List.of(), Set.of(), null, failures, List.of(), Duration.ZERO);
        record Case(long sent, long answered, @Nullable String receipt, long dropped) {}
        for (Case each : List.of(
                new Case(at - 5, at, null, 1),
                new Case(at - 5, at - 1, null, 0), // answered before
                new Case(at + 1, at + 9, null, 0), // sent after
                new Case(at - 5, at + 9, "p1", 0))) { // not taken for a duplicate
            History one = new History();
            one.sent(new Sent(ref(0), TOPIC, "k", true, each.sent(), TIMEOUT));
            one.answered(ref(0), new Answer(Answer.Kind.STORED, each.answered(), each.receipt(), null));

            Verdict verdict = Judge.judge(one, promises);

            assertThat(verdict.dropped()).as("%s", each).isEqualTo(each.dropped());
            assertThat(verdict.lost()).as("%s", each).isEqualTo(1 - each.dropped());
            assertThat(verdict.isClean()).as("%s", each).isEqualTo(each.dropped() == 1);
            assertThat(verdict.examples()).as("%s", each).hasSize(1);
        }
    }

    @Test
    void whatWasSentBeforeItsTopicWasDeletedMayBeGone() {
        send(5, "k");
        answer(5, Answer.Kind.STORED);
        Promises wiped = new Promises(true, List.of(new Promises.Wipe(TOPIC, 5)), Set.of(), Duration.ZERO);
        Promises wipedBefore =
                new Promises(true, List.of(new Promises.Wipe(TOPIC, 4)), Set.of(), Duration.ofMinutes(1));
        Promises wipedOther = new Promises(true, List.of(new Promises.Wipe("u", 9)), Set.of(), Duration.ofMinutes(1));

        assertThat(Judge.judge(history, wiped).lost()).isZero();
        assertThat(Judge.judge(history, wipedBefore).lost()).isEqualTo(1);
        assertThat(Judge.judge(history, wipedOther).lost()).isEqualTo(1);
    }

    @Test
    void readTwiceIsDuplicatedAndFailsOnlyWithDeduplication() {
        store(0, "k", 0);
        read(0, 0);
        read(0, 0);

        assertThat(strict().duplicated()).isEqualTo(2);
        assertThat(strict().isClean()).isFalse();
        assertThat(Judge.judge(history, LENIENT).duplicated()).isEqualTo(2);
        assertThat(Judge.judge(history, LENIENT).isClean()).isTrue();
    }

    @Test
    void anUnknownOneThatWasStoredTwiceIsDuplicatedToo() {
        send(0, "k");
        answer(0, Answer.Kind.UNKNOWN);
        read(0, 0);
        read(0, 0);

        assertThat(strict().duplicated()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void aKeyOutOfOrderIsFound() {
        send(0, "k");
        answer(0, Answer.Kind.STORED);
        store(1, "k", 0);
        read(0, 0);

        assertThat(strict().outOfOrder()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void withoutAKeyTheOrderOfATopicWithoutPartitionsIsFound() {
        send(0, null);
        answer(0, Answer.Kind.STORED);
        send(1, null);
        answer(1, Answer.Kind.STORED);
        readOfWhole(ref(1));
        readOfWhole(ref(0));

        assertThat(strict().outOfOrder()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    private void readOfWhole(MessageRef id) {
        history.read(new Reading(TOPIC, "w" + place++, id, true));
    }

    @Test
    void withoutAKeyNoOrderIsPromisedBesideKeysAndSendersAndLivesAndCallbacks() {
        List<Sent> all = List.of(
                new Sent(ref(0), TOPIC, null, true, 0, TIMEOUT),
                new Sent(ref(1), TOPIC, "k", true, 0, TIMEOUT),
                new Sent(ref(2), TOPIC, null, false, 0, TIMEOUT),
                new Sent(new MessageRef(0, 1, 3), TOPIC, null, true, 0, TIMEOUT),
                new Sent(new MessageRef(1, 0, 4), TOPIC, null, true, 0, TIMEOUT));
        for (Sent sent : all) {
            history.sent(sent);
            history.answered(sent.id(), new Answer(Answer.Kind.STORED, 1, null, null));
        }
        send(5, null);
        answer(5, Answer.Kind.UNKNOWN);

        readOfWhole(ref(5));
        for (int i = all.size() - 1; i >= 0; i--) {
            readOfWhole(all.get(i).id());
        }

        assertThat(strict().isClean()).as(strict().toString()).isTrue();
    }

    /** One that a dead partition could not take goes to another one, where later ones may be already. */
    @Test
    void withoutAKeyNoOrderIsPromisedOfPartitions() {
        send(0, null);
        answer(0, Answer.Kind.STORED);
        store(1, null, 3);
        read(0, 3);

        assertThat(strict().isClean()).isTrue();
    }

    @Test
    void overPartitionsAndKeysAndSendersAndLivesNoOrderIsPromised() {
        send(0, null);
        answer(0, Answer.Kind.STORED);
        send(1, "a");
        answer(1, Answer.Kind.STORED);
        send(2, "b");
        answer(2, Answer.Kind.STORED);
        store(3, null, 3);
        read(2, 0);
        read(1, 0);
        read(0, 2);
        MessageRef otherSender = new MessageRef(0, 1, 0);
        history.sent(new Sent(otherSender, TOPIC, "b", true, 0, TIMEOUT));
        history.answered(otherSender, new Answer(Answer.Kind.STORED, 1, null, null));
        history.read(new Reading(TOPIC + "-partition-0", "x", otherSender, true));
        MessageRef otherLife = new MessageRef(1, 0, 0);
        history.sent(new Sent(otherLife, TOPIC, "b", true, 0, TIMEOUT));
        history.answered(otherLife, new Answer(Answer.Kind.STORED, 1, null, null));
        history.read(new Reading(TOPIC + "-partition-0", "y", otherLife, true));

        assertThat(strict().isClean()).as(strict().toString()).isTrue();
    }

    @Test
    void copiesBehindAreNotOutOfOrder() {
        store(0, "k", 0);
        store(1, "k", 0);
        read(0, 0);
        read(1, 0);
        read(0, 0);

        assertThat(Judge.judge(history, LENIENT).outOfOrder()).isZero();
    }

    /** Seed 95 on a cluster: a bookie died, and the broker failed the first and stored the second. */
    @Test
    void aCopyAheadIsNotOutOfOrderIfBothWereSentAgain() {
        send(0, "k");
        answer(0, Answer.Kind.STORED);
        store(1, "k", 0);
        read(0, 0);
        read(1, 0);

        assertThat(Judge.judge(history, LENIENT).outOfOrder()).isZero();
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void allCopiesAheadAreOutOfOrder() {
        send(0, "k");
        answer(0, Answer.Kind.STORED);
        store(1, "k", 0);
        read(1, 0);
        read(0, 0);
        read(0, 0);

        assertThat(Judge.judge(history, LENIENT).outOfOrder()).isEqualTo(1);
    }

    @Test
    void anUnknownOneMayBeOvertakenAndOvertake() {
        send(0, "k");
        answer(0, Answer.Kind.UNKNOWN);
        send(1, "k");
        answer(1, Answer.Kind.STORED);
        send(2, "k");
        answer(2, Answer.Kind.UNKNOWN);
        read(2, 0);
        read(1, 0);
        read(0, 0);

        assertThat(strict().outOfOrder()).isZero();
    }

    @Test
    void whatWasSentFromACallbackHasNoOrder() {
        history.sent(new Sent(ref(0), TOPIC, "k", false, 0, TIMEOUT));
        answer(0, Answer.Kind.STORED);
        store(1, "k", 0);
        read(0, 0);

        assertThat(strict().outOfOrder()).isZero();
    }

    @Test
    void aKeyAwayFromItsPartitionIsFoundUnlessTheTopicHasGrown() {
        store(0, "k", 0);
        store(1, "k", 1);
        Promises grown = new Promises(true, List.of(), Set.of(TOPIC), Duration.ZERO);

        assertThat(strict().outOfOrder()).isEqualTo(1);
        assertThat(Judge.judge(history, grown).outOfOrder()).isZero();
    }

    @Test
    void neverAnsweredIsFound() {
        send(0, "k");

        assertThat(strict().unanswered()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void answeredLongAfterItsTimeoutIsUnanswered() {
        send(0, "k");
        history.answered(ref(0), new Answer(Answer.Kind.UNKNOWN, TIMEOUT + 10_001, null, "Late"));
        send(1, "k");
        history.answered(ref(1), new Answer(Answer.Kind.UNKNOWN, 1 + TIMEOUT + 10_000, null, "InTime"));

        assertThat(strict().unanswered()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void whatTheKilledApplicationDidNotHearIsUnknown() {
        send(0, "k");
        store(1, "k", 0);
        history.died(0, 1_000_000);
        history.died(1, 1_000_000);

        assertThat(strict().unknown()).isEqualTo(1);
        assertThat(strict().isClean()).isTrue();
    }

    @Test
    void anotherLifeIsStillToBeAnswered() {
        send(0, "k");
        history.died(1, 1_000);

        assertThat(strict().unanswered()).isEqualTo(1);
    }

    @Test
    void whatIsStillHeldIsLeaked() {
        history.leaked(3);

        assertThat(strict().leaked()).isEqualTo(3);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void saidNotToBeStoredAndReadIsDishonest() {
        send(0, "k");
        answer(0, Answer.Kind.FAILED);
        read(0, 0);

        assertThat(strict().dishonest()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void aReceiptForAnotherPlaceIsDishonest() {
        send(0, "k");
        history.answered(ref(0), new Answer(Answer.Kind.STORED, 1, "elsewhere", null));
        read(0, 0);
        send(1, "k");
        history.answered(ref(1), new Answer(Answer.Kind.STORED, 1, "p2", null));
        read(1, 0);
        read(1, 0);

        assertThat(Judge.judge(history, LENIENT).dishonest()).isEqualTo(1);
        assertThat(Judge.judge(history, LENIENT).isClean()).isFalse();
    }

    @Test
    void whatNobodySentIsDishonest() {
        history.read(new Reading(TOPIC, "p", ref(7), true));
        history.read(new Reading(TOPIC, "q", null, false));

        assertThat(strict().dishonest()).isEqualTo(2);
    }

    @Test
    void anAlteredMessageIsDishonest() {
        send(0, "k");
        answer(0, Answer.Kind.STORED);
        history.read(new Reading(TOPIC, "p", ref(0), false));

        assertThat(strict().dishonest()).isEqualTo(1);
        assertThat(strict().lost()).isZero();
    }

    @Test
    void aSecondAnswerIsDishonest() {
        store(0, "k", 0);
        answer(0, Answer.Kind.UNKNOWN);

        assertThat(strict().dishonest()).isEqualTo(1);
        assertThat(strict().stored()).isEqualTo(1);
    }

    @Test
    void aReceiptOfAMessageInChunksMayNameAnotherPlace() {
        history.sent(new Sent(ref(0), TOPIC, null, true, 0, TIMEOUT, Sent.Nature.CHUNKED));
        history.answered(ref(0), new Answer(Answer.Kind.STORED, 1, "elsewhere", null));
        read(0, 0);

        assertThat(strict().isClean()).isTrue();
    }

    @Test
    void flushedAndNotAnsweredIsUnanswered() {
        store(0, "k", 0);
        history.flushedBefore(ref(0));

        assertThat(strict().unanswered()).isEqualTo(1);
        assertThat(strict().isClean()).isFalse();
    }

    @Test
    void aPartitionThatCannotBeReadToItsEndIsDishonest() {
        history.unreadable("t-partition-0", "nothing came");

        assertThat(strict().dishonest()).isEqualTo(1);
        assertThat(strict().examples()).singleElement().asString().contains("t-partition-0", "nothing came");
    }
}
