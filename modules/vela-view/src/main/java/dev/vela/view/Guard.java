package dev.vela.view;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. A page on this machine can be reached by every site that is open in a browser here, and by every user of the
 * machine. Hence:
 *
 * <ul>
 *   <li>All paths begin with a random token.
 *   <li>The name by which the server is asked must be one of its own, so that another site's name which is made to point
 *       here (DNS rebinding) is refused.
 *   <li>What is sent to change something must come from the page itself.
 * </ul>
 */
final class Guard {

    static final int NOT_FOUND = 404;

    private static final int FORBIDDEN = 403;
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;
    private static final int TOKEN_BYTES = 16;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String token;
    private final Set<String> names;
    private final boolean isReachable;

    /**
     * Creates a guard with a new token.
     *
     * @param names by what the server may be called beside the names of the loopback interface; in lower case
     * @param isReachable whether other machines can reach it: it may then be called by any numeric address
     */
    Guard(Set<String> names, boolean isReachable) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        this.names = Set.copyOf(names);
        this.isReachable = isReachable;
    }

    String token() {
        return token;
    }

    /** Returns the path below the token, without slashes around it; refuses requests that the page would not send. */
    String path(HttpExchange exchange) throws Refusal {
        requireOwnName(exchange.getRequestHeaders());
        String path = exchange.getRequestURI().getPath();
        String[] parts = path == null ? new String[0] : path.split("/", 3);
        String given = parts.length > 1 ? parts[1] : "";
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
            throw new Refusal(NOT_FOUND, "There is nothing here. The address that vela printed has more to it.");
        }
        return parts.length > 2 ? parts[2] : "";
    }

    private void requireOwnName(Headers headers) throws Refusal {
        List<String> hosts = headers.getOrDefault("Host", List.of());
        if (hosts.size() != 1 || !isOwn(hosts.get(0))) {
            throw new Refusal(FORBIDDEN, "This server does not have the name by which it was asked.");
        }
    }

    private boolean isOwn(String host) {
        String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name)
                || names.contains(name)
                || (isReachable && (name.matches("[0-9]{1,3}([.][0-9]{1,3}){3}") || name.matches("\\[[0-9a-f:.%]+]")));
    }

    /** Refuses data for another site. */
    static void requireSameSite(HttpExchange exchange) throws Refusal {
        String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new Refusal(FORBIDDEN, "Only the page itself may ask for this.");
        }
    }

    /** Refuses what was not sent by the page's script, or by a tool that is no browser. */
    static void requireOwnPage(HttpExchange exchange) throws Refusal {
        Headers headers = exchange.getRequestHeaders();
        String site = headers.getFirst("Sec-Fetch-Site");
        List<String> origins = headers.getOrDefault("Origin", List.of());
        boolean own =
                origins.stream().allMatch(origin -> origin.equalsIgnoreCase("http://" + headers.getFirst("Host")));
        if (!own || (site != null && !site.equals("same-origin"))) {
            throw new Refusal(FORBIDDEN, "Only the page itself may ask for this.");
        }
        String type = headers.getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json *(;.*)?")) {
            throw new Refusal(UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json.");
        }
    }

    /** Returns the address of the page. */
    URI address(InetAddress listen, int port, @Nullable String name) {
        return URI.create("http://" + (name != null ? name : host(listen)) + ":" + port + "/" + token + "/");
    }

    /** Returns an address as it is written in a URL. */
    static String host(InetAddress address) {
        String text = address.getHostAddress();
        if (!text.contains(":")) {
            return text;
        }
        return address.isLoopbackAddress() ? "[::1]" : "[" + text + "]";
    }
}
