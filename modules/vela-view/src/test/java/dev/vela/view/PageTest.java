package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PageTest {

    private static final int MOST_BYTES = 80_000;

    private final Page page = Page.load();
    private final String html = new String(page.html(), StandardCharsets.UTF_8);

    @Test
    void isSmallAndNeedsNothingFromElsewhere() {
        assertThat(page.html()).hasSizeLessThan(MOST_BYTES);
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "<iframe");
    }

    @Test
    void neverTakesDataForMarkup() {
        assertThat(html)
                .doesNotContain(
                        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function");
        assertThat(html).as("attributes that the policy forbids").doesNotContainPattern("<[^>]* (style|on[a-z]+)=");
    }

    @Test
    void thePolicyAllowsItsOwnStyleAndScriptOnly() throws Exception {
        assertThat(page.policy())
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'")
                .doesNotContain("unsafe", "*")
                .contains("style-src 'sha256-" + hash("style") + "'")
                .contains("script-src 'sha256-" + hash("script") + "'");
    }

    private String hash(String element) throws Exception {
        String[] parts = html.split("</?" + element + ">", -1);
        assertThat(parts).as("there is one " + element).hasSize(3);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(parts[1].getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void isToldOfTheStream() {
        assertThat(html).contains("<meta name=\"vela-stream\" content=\"yes\">");
    }
}
