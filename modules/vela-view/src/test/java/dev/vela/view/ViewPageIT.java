package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser. */
@Tag("full")
@Timeout(300)
class ViewPageIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ROWS =
            "[...document.querySelectorAll('#rows .row')].map(r => r.querySelector('b').textContent)";

    private Simulation shop = Simulation.shop();
    private ViewServer server;
    private Chromium browser;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> program = Chromium.find();
        assumeTrue(program.isPresent(), "Chromium is missing: install it, such as with apt-get install chromium");
        browser = Chromium.start(program.get());
    }

    @AfterEach
    void end() throws Exception {
        if (server != null) {
            server.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private void open() throws Exception {
        server = ViewServer.start(shop, new ViewOptions(null, 0, false));
        browser.size(1440, 900);
        browser.open(server.address());
        until(() -> assertThat(text("#linked")).isEqualTo("live"));
    }

    private static void until(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }

    private String text(String selector) throws Exception {
        return browser.evaluate("(document.querySelector(" + quote(selector) + ") || {}).textContent || ''")
                .asText();
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "\\'") + "'";
    }

    private List<String> rows() throws Exception {
        return List.of(browser.evaluate("(" + ROWS + ").join('|')").asText().split("\\|", -1));
    }

    private String row(String name) {
        return "[...document.querySelectorAll('#rows .row')].find(r => r.querySelector('b').textContent === "
                + quote(name) + ")";
    }

    private void click(String expression) throws Exception {
        browser.evaluate("(" + expression + ").click()");
    }

    @Test
    void showsTheTreeAndWhatHappens() throws Exception {
        open();
        until(() -> assertThat(text("#verdict")).isEqualTo("All 13 producers are up"));
        assertThat(rows()).startsWith("shop").contains("orders", "payments", "audit", "partition 7");
        until(() -> assertThat(browser.evaluate(row("orders") + ".querySelector('.line').getAttribute('d')")
                        .asText())
                .contains("L"));

        shop.change("orders", 3, 0, "RESTARTING", "TimeoutException: no answer");
        until(() -> assertThat(text("#verdict")).isEqualTo("1 producer of 13 is down: orders"));
        assertThat(browser.evaluate(row("orders") + ".querySelector('.c-state').textContent")
                        .asText())
                .isEqualTo("degraded");
        until(() -> assertThat(text("#log li")).contains("orders", "partition 3", "died", "no answer"));
        until(() -> assertThat(text("#says")).contains("orders is degraded"));
        Marks.Mark fault = server.marks().begin("broker-kill b1");
        until(() -> assertThat(text("#time .fault")).isEqualTo("broker-kill b1"));
        fault.end();
        shop.change("orders", 3, 0, "READY", null);
        until(() -> assertThat(text("#verdict")).isEqualTo("All 13 producers are up"));
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void sortsFiltersAndFolds() throws Exception {
        open();
        until(() -> assertThat(rows()).contains("orders"));
        click("document.querySelector('#fold')");
        until(() -> assertThat(rows()).containsExactly("shop", "audit", "orders", "payments"));
        browser.evaluate("{const s = document.querySelector('#sort'); s.value = 'rate'; s.onchange({target: s})}");
        until(() -> assertThat(rows()).containsExactly("shop", "orders", "payments", "audit"));
        assertThat(browser.evaluate("document.querySelector('[aria-sort]').textContent")
                        .asText())
                .isEqualTo("Rate");
        click(row("payments"));
        until(() -> assertThat(rows())
                .containsExactly("shop", "orders", "payments", "partition 0", "partition 1", "audit"));
        assertThat(browser.evaluate(row("payments") + ".getAttribute('aria-expanded')")
                        .asText())
                .isEqualTo("true");
        assertThat(text("#details h2")).isEqualTo("payments");
        browser.evaluate("{const f = document.querySelector('#filter'); f.value = 'ord'; f.oninput({target: f})}");
        until(() -> assertThat(rows()).containsExactly("shop", "orders"));
        browser.evaluate("{const f = document.querySelector('#filter'); f.value = ''; f.oninput({target: f})}");
        shop.change("orders", 3, 0, "REFUSED", "not allowed");
        until(() -> assertThat(text("#verdict")).contains("orders"));
        click("document.querySelector('#only')");
        until(() -> assertThat(rows()).containsExactly("shop", "orders", "partition 3"));
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void goesByTheKeyboard() throws Exception {
        open();
        until(() -> assertThat(rows()).contains("orders"));
        click("document.querySelector('#fold')");
        until(() -> assertThat(rows()).hasSize(4));
        browser.evaluate("document.querySelector('#rows .row[tabindex=\"0\"]').focus()");
        String focused = "document.activeElement.querySelector('b').textContent";
        assertThat(browser.evaluate(focused).asText()).isEqualTo("shop");
        browser.press("ArrowDown", 40);
        browser.press("ArrowDown", 40);
        assertThat(browser.evaluate(focused).asText()).isEqualTo("orders");
        browser.press("ArrowRight", 39);
        until(() -> assertThat(rows()).hasSize(12));
        browser.press("ArrowRight", 39);
        assertThat(browser.evaluate(focused).asText()).isEqualTo("partition 0");
        browser.press("ArrowLeft", 37);
        assertThat(browser.evaluate(focused).asText()).isEqualTo("orders");
        browser.press("ArrowLeft", 37);
        until(() -> assertThat(rows()).hasSize(4));
        browser.press("End", 35);
        assertThat(browser.evaluate(focused).asText()).isEqualTo("payments");
        assertThat(browser.evaluate("document.activeElement.getAttribute('aria-level')")
                        .asText())
                .isEqualTo("2");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void restartsAfterAsking() throws Exception {
        shop.change("payments", 1, 0, "FENCED", "a rival took over");
        open();
        until(() -> assertThat(browser.evaluate("!!" + row("payments") + ".querySelector('button')")
                        .asBoolean())
                .isTrue());
        assertThat(browser.evaluate("!!" + row("orders") + ".querySelector('button')")
                        .asBoolean())
                .as("nothing of orders is down")
                .isFalse();
        shop.refuse("not now");
        click(row("payments") + ".querySelector('button')");
        assertThat(browser.evaluate("document.querySelector('#ask').open").asBoolean())
                .isTrue();
        assertThat(text("#ask-text")).contains("1 of 4 producers is down (1 fenced)");
        click("document.querySelector('#ask-go')");
        until(() -> assertThat(text("#ask-refused")).isEqualTo("Refused: Not now."));
        shop.refuse(null);
        click("document.querySelector('#ask-go')");
        until(() -> assertThat(text("#verdict")).isEqualTo("All 13 producers are up"));
        assertThat(browser.evaluate("document.querySelector('#ask').open").asBoolean())
                .isFalse();

        shop.restartAllowed(false);
        shop.change("payments", 1, 0, "FENCED", "a rival took over");
        until(() -> assertThat(text("#verdict")).contains("payments"));
        assertThat(browser.evaluate("document.querySelectorAll('#rows button').length")
                        .asInt())
                .isZero();
    }

    @Test
    void saysSoWhileTheApplicationIsGoneAndTakesItUpAgain() throws Exception {
        open();
        until(() -> assertThat(rows()).contains("orders"));
        shop.fail("process 4711 has ended");
        until(() -> assertThat(text("#problem")).contains("No answer since", "Process 4711 has ended."));
        assertThat(browser.evaluate("document.body.classList.contains('stale')").asBoolean())
                .isTrue();
        shop.startAnew();
        shop.fail(null);
        until(() -> assertThat(text("#linked")).isEqualTo("live"));
        assertThat(browser.evaluate("document.querySelector('#problem').hidden").asBoolean())
                .isTrue();
        assertThat(rows()).contains("orders");
        shop.freeze();
        until(() -> assertThat(text("#problem")).contains("The application does not answer."));
        shop.thaw();
        until(() -> assertThat(text("#linked")).isEqualTo("live"));
        server.close();
        until(() -> assertThat(text("#problem")).contains("The viewer has not answered since"));
    }

    @Test
    void takesNamesAndCausesForText() throws Exception {
        String evil = "<img src=x onerror=document.title='owned'>";
        shop = new Simulation(Clock.systemUTC(), List.of(new Simulation.Topic(evil, 2, 1, 10)));
        shop.change(evil, 0, 0, "REFUSED", evil);
        open();
        until(() -> assertThat(rows()).contains(evil));
        until(() -> assertThat(text("#log li")).contains(evil));
        click(row(evil));
        server.marks().begin(evil);
        until(() -> assertThat(text("#time .fault")).isEqualTo(evil));
        assertThat(browser.evaluate("document.querySelectorAll('img').length").asInt())
                .isZero();
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void drawsOnlyTheRowsInSightOfTenThousandProducers() throws Exception {
        shop = Simulation.ofTopics(1_000);
        open();
        until(() -> assertThat(text("#verdict")).isEqualTo("All 10,000 producers are up"));
        click("document.querySelector('#unfold')");
        until(() -> assertThat(browser.evaluate("document.querySelector('#tree').getAttribute('aria-rowcount')")
                        .asInt())
                .isEqualTo(11_002));
        assertThat(browser.evaluate("document.querySelectorAll('#rows .row').length")
                        .asInt())
                .isLessThan(80);
        browser.evaluate("document.querySelector('#tree').scrollTop = 1e9");
        until(() -> assertThat(rows()).contains("topic-0999"));
        assertThat(browser.evaluate("document.querySelectorAll('#rows .row').length")
                        .asInt())
                .isLessThan(80);
    }

    @Test
    void fitsOnANarrowScreen() throws Exception {
        open();
        browser.size(360, 780);
        until(() -> assertThat(rows()).contains("orders"));
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(360);
        assertThat(browser.evaluate(row("orders") + ".querySelector('b').offsetWidth >= 40")
                        .asBoolean())
                .isTrue();
    }
}
