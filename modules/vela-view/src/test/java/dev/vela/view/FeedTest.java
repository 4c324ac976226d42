package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeedTest {
    private static final Duration FOREVER = Duration.ofDays(1);

    private final SetTime time = new SetTime();
    private final AtomicInteger reads = new AtomicInteger();

    private final Source source = new Source() {
        @Override
        public String describe() {
            return "process 1";
        }

        @Override
        public List<String> read(Map<String, Long> lastEvents) {
            reads.incrementAndGet();
            return List.of(new Reporting("1").json());
        }

        @Override
        public void restart(String instance, String name) {}

        @Override
        public void close() {}
    };

    @Test
    void aSecondPageIsShownAtOnceWhatTheFirstHas() throws Exception {
        try (Feed feed = new Feed(source, new Marks(time), false, Duration.ofSeconds(1), time, time::nanoTime)) {
            feed.start();
            Update first = feed.watch().awaitFresh(FOREVER);

            assertThat(feed.watch().awaitFresh(FOREVER)).isSameAs(first);
            assertThat(reads).hasValue(1);
        }
    }

    @Test
    void whatIsOldIsReadAnewFirst() throws Exception {
        try (Feed feed = new Feed(source, new Marks(time), false, Duration.ofSeconds(1), time, time::nanoTime)) {
            feed.start();
            Feed.Watch watch = feed.watch();
            Update first = watch.awaitFresh(FOREVER);
            watch.close();

            time.pass(Duration.ofSeconds(2));
            assertThat(feed.watch().awaitFresh(FOREVER)).isNotSameAs(first);
            assertThat(reads).hasValue(2);
        }
    }
}
