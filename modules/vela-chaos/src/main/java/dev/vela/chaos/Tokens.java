package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issues the tokens that a cluster of a run believes. Immutable. */
final class Tokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = "{\"alg\":\"HS256\"}";
    private static final int SECRET_BYTES = 32;
    private static final Base64.Encoder URL_SAFE = Base64.getUrlEncoder().withoutPadding();

    private final byte[] secret = new byte[SECRET_BYTES];

    /** With a secret of their own. */
    Tokens() {
        new SecureRandom().nextBytes(secret);
    }

    /** A token that ends at the given time. */
    String issue(Instant expiry) {
        String claims = "{\"sub\":\"chaos\",\"exp\":" + expiry.getEpochSecond() + "}";
        String signed = encode(HEADER.getBytes(UTF_8)) + '.' + encode(claims.getBytes(UTF_8));
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return signed + '.' + encode(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** A token that outlives every run. */
    String lasting() {
        return issue(Instant.ofEpochSecond(1L << 33));
    }

    private static String encode(byte[] bytes) {
        return URL_SAFE.encodeToString(bytes);
    }

    /** What a broker is to be set to. */
    Map<String, String> brokerConfig() {
        return Map.of(
                "authenticationEnabled",
                "true",
                "authenticationProviders",
                "org.apache.pulsar.broker.authentication.AuthenticationProviderToken",
                "tokenSecretKey",
                "data:;base64," + Base64.getEncoder().encodeToString(secret),
                "brokerClientAuthenticationPlugin",
                "org.apache.pulsar.client.impl.auth.AuthenticationToken",
                "brokerClientAuthenticationParameters",
                "token:" + lasting());
    }
}
