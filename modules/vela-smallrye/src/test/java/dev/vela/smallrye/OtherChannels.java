package dev.vela.smallrye;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

@ApplicationScoped
class OtherChannels {
    @Inject
    @Channel("payments")
    Emitter<String> payments;

    @Inject
    @Channel("invoices")
    Emitter<String> invoices;
}
