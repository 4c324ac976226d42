package dev.vela.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The page, and the policy under which a browser runs nothing but its own style and script. Immutable. */
final class Page {

    private static final String RESOURCE = "index.html";
    private static final String STREAM = "<meta name=\"vela-stream\" content=\"";

    private final byte[] html;
    private final String policy;

    private Page(byte[] html, String policy) {
        this.html = html;
        this.policy = policy;
    }

    /** Reads the page, and tells it that it is fed by a stream. */
    static Page load() {
        String html = read();
        String policy = "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'; style-src '" + hash(html, "style") + "'; script-src '"
                + hash(html, "script") + "'";
        return new Page(html.replace(STREAM + "no\"", STREAM + "yes\"").getBytes(StandardCharsets.UTF_8), policy);
    }

    byte[] html() {
        return html;
    }

    /** Returns the value of the header Content-Security-Policy. */
    String policy() {
        return policy;
    }

    private static String read() {
        try (InputStream in = Page.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside " + Page.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the hash of the only element of this kind. */
    private static String hash(String html, String element) {
        String open = "<" + element + ">";
        int begin = html.indexOf(open) + open.length();
        String content = html.substring(begin, html.indexOf("</" + element + ">", begin));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }
}
