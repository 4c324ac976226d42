package dev.vela.internal.live;

import dev.vela.VelaMXBean;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers a runtime with the platform's MBean server. Only where the Java runtime has the module java.management. */
final class JmxRegistration {
    private static final Logger log = LoggerFactory.getLogger(JmxRegistration.class);

    private static final int MOST_OF_A_NAME = 1000;

    private JmxRegistration() {}

    /**
     * Registers a runtime under its name, with a number if the name is taken, perhaps by another class loader.
     *
     * @return removes just this registration
     */
    static Runnable of(String name, VelaMXBean bean) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (int id = 1; ; id++) {
            ObjectName free = objectName(name, id);
            try {
                ObjectName taken = register(server, bean, free);
                return () -> unregister(server, taken);
            } catch (InstanceAlreadyExistsException e) {
                if (id == MOST_OF_A_NAME) {
                    throw e;
                }
            }
        }
    }

    private static ObjectName register(MBeanServer server, VelaMXBean bean, ObjectName free) throws JMException {
        try {
            return server.registerMBean(bean, free).getObjectName();
        } catch (Error e) { // of a listener of the server's, which is told once the bean is registered
            log.warn("{} is registered, but a listener of the MBean server failed", free, e);
            return free;
        }
    }

    private static ObjectName objectName(String name, int id) throws JMException {
        String first = "dev.vela:type=Vela,name=" + ObjectName.quote(name);
        return new ObjectName(id == 1 ? first : first + ",id=" + id);
    }

    private static void unregister(MBeanServer server, ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (Throwable e) { // also of a listener of the server's
            log.warn("Unregistering {} failed", name, e);
        }
    }
}
