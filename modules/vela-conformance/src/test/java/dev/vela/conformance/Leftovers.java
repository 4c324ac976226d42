package dev.vela.conformance;

import java.util.List;
import org.apache.pulsar.broker.service.SharedPulsarCluster;
import org.apache.pulsar.client.admin.Tenants;

/** The tenants that a few test classes create and leave behind: their next run would find its own messages there. */
final class Leftovers {
    /** The tenant of Pulsar itself, and the one in which each test gets a namespace. */
    private static final List<String> KEPT = List.of("pulsar", "test-tenant");

    private Leftovers() {}

    static void delete() throws Exception {
        Tenants tenants = SharedPulsarCluster.get().getAdmin().tenants();
        for (String tenant : tenants.getTenants()) {
            if (!KEPT.contains(tenant)) {
                tenants.deleteTenant(tenant, true);
            }
        }
    }
}
