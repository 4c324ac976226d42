package dev.vela.local;

/** Pulsar refused an administrative request. */
public final class LocalAdminException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    LocalAdminException(String request, int status, String reason) {
        super(request + " was answered with " + status + ": " + reason);
        this.status = status;
        this.reason = reason;
    }

    /** Returns the HTTP status, such as 404 for a missing topic or 409 for an existing one. */
    public int status() {
        return status;
    }

    /** Returns the reason that Pulsar gave, or else the body of its answer; may be empty. */
    public String reason() {
        return reason;
    }
}
