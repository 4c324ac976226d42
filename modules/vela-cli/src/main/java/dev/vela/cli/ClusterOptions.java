package dev.vela.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for the cluster to connect to, and for authentication. The names are those of Pulsar's own tools. */
final class ClusterOptions {

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s\\[\\]/:,@?#]+)(?::(\\d{1,5}))?");
    private static final Pattern ADDRESS =
            Pattern.compile("(pulsar|pulsar\\+ssl|http|https)://(" + HOST + "(?:," + HOST + ")*)/?");
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The cluster's address, such as pulsar://broker:6650 or pulsar+ssl://broker:6651."
                    + " Default: a local Pulsar of this command's own, gone when it ends.")
    private @Nullable String url;

    @Option(names = "--auth-plugin", paramLabel = "CLASS", description = "The client's authentication plugin.")
    private @Nullable String authPlugin;

    @Option(
            names = "--auth-params",
            paramLabel = "TEXT",
            description = "What the plugin is configured with, such as token:… or file:///path/of/token.")
    private @Nullable String authParams;

    @Option(
            names = {"--tls-trust-cert-path", "--tlsTrustCertsFilePath"},
            paramLabel = "FILE",
            description = "The certificates to trust, in PEM format.")
    private @Nullable Path tlsTrustCertPath;

    @Option(names = "--tls-allow-insecure", description = "Trust any certificate.")
    private boolean tlsAllowInsecure;

    @Option(
            names = "--tls-enable-hostname-verification",
            description = "Refuse a certificate that is for another host.")
    private boolean tlsEnableHostnameVerification;

    /** Returns the address; null for a local Pulsar. */
    @Nullable
    String url() {
        return url;
    }

    void validate(CommandSpec spec) {
        if (url == null) {
            if (authPlugin != null || authParams != null) {
                throw refusal(
                        spec,
                        (authPlugin != null ? "--auth-plugin" : "--auth-params")
                                + " needs --url: a local Pulsar asks for no authentication");
            }
            if (isTlsWanted()) {
                throw refusal(spec, tlsOption() + " needs --url: a local Pulsar has no TLS");
            }
            return;
        }
        validateAddress(spec, url);
        if (authPlugin == null && authParams != null) {
            throw refusal(spec, "--auth-params needs --auth-plugin");
        }
        if (tlsTrustCertPath != null && (Files.isDirectory(tlsTrustCertPath) || !Files.isReadable(tlsTrustCertPath))) {
            throw refusal(spec, "--tls-trust-cert-path must be a file that can be read, was " + tlsTrustCertPath);
        }
        if (isTlsWanted() && !url.startsWith("pulsar+ssl:") && !url.startsWith("https:")) {
            throw refusal(spec, tlsOption() + " needs a --url that begins with pulsar+ssl:// or https://, was " + url);
        }
        if (authPlugin != null) {
            validateAuthentication(spec);
        }
    }

    private boolean isTlsWanted() {
        return tlsTrustCertPath != null || tlsAllowInsecure || tlsEnableHostnameVerification;
    }

    /** Returns the first TLS option that was given. */
    private String tlsOption() {
        if (tlsTrustCertPath != null) {
            return "--tls-trust-cert-path";
        }
        return tlsAllowInsecure ? "--tls-allow-insecure" : "--tls-enable-hostname-verification";
    }

    private static void validateAddress(CommandSpec spec, String url) {
        boolean valid = ADDRESS.matcher(url).matches()
                && hosts(url).allMatch(host -> host.group(2) == null || isPort(host.group(2)));
        if (!valid) {
            throw refusal(
                    spec,
                    "--url must be an address such as pulsar://localhost:6650 or pulsar+ssl://host:6651, was " + url);
        }
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= MAX_PORT;
    }

    private void validateAuthentication(CommandSpec spec) {
        try {
            AuthenticationFactory.create(authPlugin, authParams == null ? "" : authParams)
                    .close();
        } catch (PulsarClientException.UnsupportedAuthenticationException e) {
            throw refusal(spec, "--auth-plugin must be a class of the Pulsar client, was " + authPlugin);
        } catch (Exception e) {
            throw refusal(spec, "--auth-params do not suit " + authPlugin + ": " + OneLine.of(e));
        }
    }

    /** Fails at once if waiting cannot help. */
    static void requireKnownHost(String url) {
        List<String> hosts = hosts(url).map(host -> host.group(1)).toList();
        if (hosts.stream().noneMatch(ClusterOptions::isKnown)) {
            throw new CommandFailedException(
                    "cannot reach " + url + ": unknown host " + String.join(", ", hosts), null);
        }
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getAllByName(host).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Stream<Matcher> hosts(String url) {
        String list = url.substring(url.indexOf("://") + 3).replaceAll("/$", "");
        return Arrays.stream(list.split(",", -1)).map(HOST::matcher).filter(Matcher::matches);
    }

    /** Applies the options for authentication and trust to a client. */
    void apply(ClientBuilder client) {
        if (authPlugin != null) {
            try {
                client.authentication(authPlugin, authParams == null ? "" : authParams);
            } catch (PulsarClientException.UnsupportedAuthenticationException e) {
                throw CommandFailedException.because("cannot use " + authPlugin, e);
            }
        }
        if (tlsTrustCertPath != null) {
            client.tlsTrustCertsFilePath(tlsTrustCertPath.toString());
        }
        if (tlsAllowInsecure) {
            client.allowTlsInsecureConnection(true);
        }
        if (tlsEnableHostnameVerification) {
            client.enableTlsHostnameVerification(true);
        }
    }

    private static ParameterException refusal(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
