package dev.vela.frameworks.recipes

import dev.vela.MessageRejectedException
import dev.vela.Outcome
import dev.vela.SupervisedProducer
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import org.apache.pulsar.client.api.MessageId
import org.apache.pulsar.client.api.PulsarClientException

class KotlinRecipe(private val orders: SupervisedProducer<String>) {

    suspend fun place(order: String): MessageId = orders.sendAsync(order).await()

    suspend fun placeAll(all: List<String>): List<MessageId> =
        all.map { orders.sendAsync(it) }.map { it.await() }

    suspend fun placeWithRetries(order: String): MessageId {
        repeat(5) { attempt ->
            try {
                return place(order)
            } catch (failure: PulsarClientException) {
                if (Outcome.of(failure) != Outcome.NOT_SENT || failure is MessageRejectedException) throw failure
                delay(100L shl attempt)
            }
        }
        return place(order)
    }

    suspend fun placeAndLearnTheAnswer(order: String): MessageId =
        withContext(NonCancellable) { place(order) }
}
