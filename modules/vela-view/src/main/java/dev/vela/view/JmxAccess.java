package dev.vela.view;

import java.io.IOException;
import java.net.MalformedURLException;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** Access through a JVM's remote JMX port: {@code [USER:PASSWORD@]HOST:PORT}. */
final class JmxAccess implements MBeanSource.Access {

    private final String address;
    private final JMXServiceURL url;
    private final String @Nullable [] credentials;

    /** Throws IllegalArgumentException if the address is not of the form above; the message has no password in it. */
    JmxAccess(String text) {
        int at = text.lastIndexOf('@');
        address = text.substring(at + 1);
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}") || address.contains("/")) {
            throw new IllegalArgumentException("--jmx must be HOST:PORT or USER:PASSWORD@HOST:PORT, was " + address);
        }
        credentials = at < 0 ? null : text.substring(0, at).split(":", 2);
        if (credentials != null && credentials.length != 2) {
            throw new IllegalArgumentException("--jmx must have USER:PASSWORD before the @, but there is no colon");
        }
        try {
            url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + address + "/jmxrmi");
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("--jmx must be HOST:PORT, was " + address, e);
        }
    }

    @Override
    public String describe() {
        return address;
    }

    @Override
    public MBeanSource.Connection connect() throws IOException {
        try {
            return RemoteConnection.open(
                    url, credentials == null ? Map.of() : Map.of(JMXConnector.CREDENTIALS, credentials));
        } catch (SecurityException e) {
            throw new IOException(address + " refuses the user or password: give them as USER:PASSWORD@" + address, e);
        } catch (IOException e) {
            throw new IOException(address + " cannot be reached: " + Failures.rootMessage(e), e);
        }
    }
}
