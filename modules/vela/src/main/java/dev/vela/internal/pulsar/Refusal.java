package dev.vela.internal.pulsar;

/** A failure of an entry that the client refused at the door: it has never been in its queue, so it never leaves. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Throwable reason;

    /** Says what the client said. */
    public Refusal(Throwable reason) {
        super(reason.getMessage(), reason, false, false);
        this.reason = reason;
    }

    /** What the client said. */
    public Throwable reason() {
        return reason;
    }

    /** What the client said, of a refusal or of any other failure. */
    public static Throwable reason(Throwable failure) {
        return failure instanceof Refusal refusal ? refusal.reason : failure;
    }
}
