package dev.vela.internal.group;

/** Which threads must never block: Vela's own, and those that the Pulsar client does its work on. */
final class Threads {
    static final String CONTROL = "vela-control-";
    static final String WORKER = "vela-worker-";
    static final String CALLBACK = "vela-callback-";

    /*
     * All are known by name; the client's could not be known otherwise. The one that runs a consumer's message listeners
     * (pulsar-external-listener) is not among them: it is the application's to block.
     */
    private static final String[] BUSY = {
        CONTROL,
        WORKER,
        CALLBACK,
        "pulsar-client-io",
        "pulsar-timer",
        "pulsar-client-internal",
        "pulsar-client-scheduled",
        "pulsar-client-lookup"
    };

    private Threads() {}

    static boolean mayBlock() {
        String name = Thread.currentThread().getName();
        for (String prefix : BUSY) {
            if (name.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    /** Throws on a thread that must not block. */
    static void checkMayBlock(String method, String instead) {
        if (!mayBlock()) {
            throw new IllegalStateException(method + " would block "
                    + Thread.currentThread().getName() + ", on which Vela or the Pulsar client does its work: use "
                    + instead);
        }
    }
}
