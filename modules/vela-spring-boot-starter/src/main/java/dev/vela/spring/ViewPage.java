package dev.vela.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of the live view, with a policy that lets it run its own script and ask its own server, and nothing else. The
 * policy is in the page, since an endpoint has no say in headers.
 */
final class ViewPage {
    static final String RESOURCE = "dev/vela/view/index.html";

    private static final String HEAD = "<head>";

    private ViewPage() {}

    static byte[] read() {
        String page;
        try (InputStream resource = ViewPage.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("there is no " + RESOURCE + " on the class path");
            }
            page = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String policy = "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                + " style-src "
                + hashes(page, "style") + "; script-src " + hashes(page, "script");
        String meta = "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">";
        return page.replaceFirst(HEAD, Matcher.quoteReplacement(HEAD + meta)).getBytes(StandardCharsets.UTF_8);
    }

    /** What the elements of a kind have between their tags, as a policy names it. */
    private static String hashes(String page, String element) {
        StringBuilder hashes = new StringBuilder();
        Matcher matcher = Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL)
                .matcher(page);
        while (matcher.find()) {
            hashes.append(hashes.isEmpty() ? "" : " ").append(hash(matcher.group(1)));
        }
        return hashes.toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
