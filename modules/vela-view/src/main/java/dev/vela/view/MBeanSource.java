package dev.vela.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.jspecify.annotations.Nullable;

/** Reads the MBeans {@code dev.vela:type=Vela,*} of a JVM. */
final class MBeanSource implements Source {

    static final ObjectName RUNTIMES = pattern();

    private static final String REPORT = "report";
    private static final String RESTART = "restart";

    /** How to reach the JVM. Used by one thread at a time, except for {@link #describe()}. */
    interface Access {

        /** What is reached, for the user. */
        String describe();

        /** Connects. The message of the exception says in one line why that is impossible. */
        Connection connect() throws IOException;

        /** Notes that the JVM has answered. */
        default void answered() {}
    }

    /** A connection to a JVM. */
    interface Connection {

        MBeanServerConnection server();

        /** Ends the connection, without waiting for an application that does not answer. */
        void close();
    }

    private final Access access;

    /** The instances of the runtimes, by the name of the bean, as of the last time they were read. */
    private final Map<ObjectName, String> instances = new HashMap<>();

    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    MBeanSource(Access access) {
        this.access = access;
    }

    /** Returns a source that reads the runtimes of this JVM. */
    static MBeanSource ofThisJvm(String description) {
        return new MBeanSource(new Access() {
            @Override
            public String describe() {
                return description;
            }

            @Override
            public Connection connect() {
                return new Connection() {
                    @Override
                    public MBeanServerConnection server() {
                        return ManagementFactory.getPlatformMBeanServer();
                    }

                    @Override
                    public void close() {
                        // Nothing was opened.
                    }
                };
            }
        });
    }

    @Override
    public String describe() {
        return access.describe();
    }

    @Override
    public List<String> read(Map<String, Long> lastEvents) throws IOException {
        return call(server -> {
            List<String> reports = new ArrayList<>();
            TreeSet<ObjectName> names = new TreeSet<>(server.queryNames(RUNTIMES, null));
            instances.keySet().retainAll(names);
            for (ObjectName name : names) {
                try {
                    reports.add(report(server, name, lastEvents));
                } catch (InstanceNotFoundException e) {
                    instances.remove(name); // closed in between
                }
            }
            return reports;
        });
    }

    private String report(MBeanServerConnection server, ObjectName name, Map<String, Long> lastEvents)
            throws IOException, JMException {
        String known = instances.get(name);
        long after = known == null ? 0 : lastEvents.getOrDefault(known, 0L);
        String report = report(server, name, after);
        String instance = Reports.instance(report);
        instances.put(name, instance);
        // The numbers of another instance start again: it may have events with numbers that the last one had.
        long wanted = lastEvents.getOrDefault(instance, 0L);
        return wanted < after ? report(server, name, wanted) : report;
    }

    private static String report(MBeanServerConnection server, ObjectName name, long after)
            throws IOException, JMException {
        return (String) server.invoke(name, REPORT, new Object[] {after}, new String[] {long.class.getName()});
    }

    @Override
    public void restart(String instance, String name) throws IOException {
        call(server -> {
            for (ObjectName bean : server.queryNames(RUNTIMES, null)) {
                if (instance.equals(instances.get(bean))) {
                    return server.invoke(bean, RESTART, new Object[] {name}, new String[] {String.class.getName()});
                }
            }
            throw new IOException("the runtime is closed");
        });
    }

    /** What is asked of the JVM. */
    @FunctionalInterface
    private interface Call<T extends @Nullable Object> {
        T call(MBeanServerConnection server) throws IOException, JMException;
    }

    private <T extends @Nullable Object> T call(Call<T> call) throws IOException {
        Connection open = connection;
        if (open == null) {
            open = access.connect();
            connection = open;
            if (closed) {
                close();
                throw new IOException("closed");
            }
        }
        try {
            T answer = call.call(open.server());
            access.answered();
            return answer;
        } catch (RuntimeMBeanException e) {
            throw new IOException(Failures.message(e.getTargetException()), e);
        } catch (JMException e) {
            throw new IOException(Failures.message(e.getCause() == null ? e : e.getCause()), e);
        } catch (IOException | SecurityException e) {
            disconnect();
            throw failure(e);
        }
    }

    private IOException failure(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                InterruptedIOException silent = new InterruptedIOException("no answer");
                silent.initCause(e);
                return silent;
            }
        }
        String reason = e instanceof RemoteException && e.getCause() != null
                ? Failures.message(e.getCause())
                : Failures.message(e);
        return new IOException("connection lost: " + reason, e);
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }

    private static ObjectName pattern() {
        try {
            return new ObjectName("dev.vela:type=Vela,*");
        } catch (MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }
}
