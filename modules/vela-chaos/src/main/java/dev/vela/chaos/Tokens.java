package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issues the tokens that the cluster of a run accepts. Immutable. */
final class Tokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = "{\"alg\":\"HS256\"}";
    private static final int SECRET_BYTES = 32;
    private static final Base64.Encoder URL_SAFE = Base64.getUrlEncoder().withoutPadding();

    private final byte[] secret = new byte[SECRET_BYTES];

    /** Creates an issuer with a random secret. */
    Tokens() {
        new SecureRandom().nextBytes(secret);
    }

    /** Issues a token that expires at the given time. */
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

    /** Issues a token that outlives every run. */
    String lasting() {
        return issue(Instant.ofEpochSecond(1L << 33));
    }

    private static String encode(byte[] bytes) {
        return URL_SAFE.encodeToString(bytes);
    }

    /** Returns the configuration of a broker that accepts these tokens. */
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
