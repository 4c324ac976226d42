package dev.vela.internal.pulsar;

/**
 * A failure of an entry that the client refused at once: the entry was never in the client's queue, so it is never
 * sent.
 */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Throwable reason;

    /** Creates a refusal with the client's reason. */
    public Refusal(Throwable reason) {
        super(reason.getMessage(), reason, false, false);
        this.reason = reason;
    }

    /** The client's reason. */
    public Throwable reason() {
        return reason;
    }

    /** The client's reason for a refusal; any other failure itself. */
    public static Throwable reason(Throwable failure) {
        return failure instanceof Refusal refusal ? refusal.reason : failure;
    }
}
