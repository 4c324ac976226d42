package dev.vela.view;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A connection through a JMX connector. */
record RemoteConnection(JMXConnector connector, MBeanServerConnection server) implements MBeanSource.Connection {

    /**
     * How long the application may take for an answer, in milliseconds. By default RMI waits forever, also for a machine
     * that is no longer there.
     */
    private static final String LIMIT = "30000";

    private static final String LIMIT_PROPERTY = "sun.rmi.transport.tcp.responseTimeout";

    @SuppressWarnings("BanJNDI") // the address is the user's own, or that of a process of the user's
    static RemoteConnection open(JMXServiceURL address, Map<String, ?> environment) throws IOException {
        if (System.getProperty(LIMIT_PROPERTY) == null) {
            System.setProperty(LIMIT_PROPERTY, LIMIT);
        }
        Map<String, Object> all = new HashMap<>(environment);
        // A thread that asks the application once a minute whether it is there: reading it tells.
        all.put("jmx.remote.x.client.connection.check.period", 0L);
        JMXConnector connector = JMXConnectorFactory.connect(address, all);
        return new RemoteConnection(connector, connector.getMBeanServerConnection());
    }

    @Override
    public void close() {
        // Says goodbye to the application, which may not answer.
        Thread thread = new Thread(
                () -> {
                    try {
                        connector.close();
                    } catch (IOException e) {
                        // It is gone.
                    }
                },
                "vela-view-close");
        thread.setDaemon(true);
        thread.start();
    }
}
