package dev.vela.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a Pulsar needs so that it takes tokens, and a token that may do everything. */
final class Tokens {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);

    static final String SUPERUSER = token("admin");

    private Tokens() {}

    static Map<String, String> config() {
        return Map.of(
                "authenticationEnabled", "true",
                "authorizationEnabled", "true",
                "authenticationProviders", "org.apache.pulsar.broker.authentication.AuthenticationProviderToken",
                "tokenSecretKey", "data:;base64," + Base64.getEncoder().encodeToString(KEY),
                "superUserRoles", "admin",
                "brokerClientAuthenticationPlugin", "org.apache.pulsar.client.impl.auth.AuthenticationToken",
                "brokerClientAuthenticationParameters", "token:" + SUPERUSER);
    }

    private static String token(String subject) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String unsigned = base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(US_ASCII))
                + '.'
                + base64.encodeToString(("{\"sub\":\"" + subject + "\"}").getBytes(US_ASCII));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            return unsigned + '.' + base64.encodeToString(mac.doFinal(unsigned.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
