package dev.vela.frameworks.recipes

import dev.vela.HandleState
import dev.vela.NoProducersAvailableException
import dev.vela.Outcome
import dev.vela.SupervisedProducer
import dev.vela.Vela
import dev.vela.test.LocalPulsarExtension
import dev.vela.test.Topic
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.apache.pulsar.client.api.MessageId
import org.apache.pulsar.client.api.Schema
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.extension.RegisterExtension
import java.time.Duration

@Tag("full")
class KotlinRecipeIT {
    private val long = Duration.ofMinutes(2)
    private lateinit var producer: SupervisedProducer<String>
    private lateinit var recipe: KotlinRecipe

    @BeforeEach
    fun start(vela: Vela, @Topic topic: String) {
        producer = vela.newProducer(Schema.STRING)
            .topic(topic)
            .sendTimeout(long)
            .blockIfQueueFull(false)
            .start()
        producer.awaitReady(long)
        recipe = KotlinRecipe(producer)
    }

    @Test
    fun manyAreSentInTheOrderOfTheList(@Topic topic: String) {
        val all = List(1_000) { "order $it" }

        assertThat(runBlocking { recipe.placeAll(all) }).hasSize(1_000)

        assertThat(values(topic)).isEqualTo(all)
    }

    @Test
    fun aCancelledMessageIsStoredAllTheSame(@Topic topic: String) {
        pulsar.freeze()
        runBlocking {
            val sending = launch(start = CoroutineStart.UNDISPATCHED) { recipe.place("tea") }
            sending.cancelAndJoin()
        }
        pulsar.thaw()
        producer.flush()

        assertThat(values(topic)).containsExactly("tea")
    }

    @Test
    fun aTimeoutOfTheCoroutineLeavesTheMessageOnItsWay(@Topic topic: String) {
        pulsar.freeze()
        val failure = assertThrows<TimeoutCancellationException> {
            runBlocking { withTimeout(1) { recipe.place("tea") } }
        }
        pulsar.thaw()
        producer.flush()

        assertThat(Outcome.of(failure)).isEqualTo(Outcome.UNKNOWN)
        assertThat(values(topic)).containsExactly("tea")
    }

    @Test
    fun aCoroutineThatCannotBeCancelledLearnsTheAnswer(@Topic topic: String) {
        var id: MessageId? = null
        pulsar.freeze()
        runBlocking {
            val sending = launch(start = CoroutineStart.UNDISPATCHED) { id = recipe.placeAndLearnTheAnswer("tea") }
            sending.cancel()
            pulsar.thaw()
            sending.join()
        }

        assertThat(id).isNotNull()
        assertThat(values(topic)).containsExactly("tea")
    }

    @Test
    fun aFailureIsThrownAsItIsAlsoAfterRetries(@Topic topic: String) {
        pulsar.terminate(topic)
        runCatching { producer.send("the producer learns of it") }
        await().atMost(long).until { producer.state() == HandleState.DOWN }

        val failure = assertThrows<NoProducersAvailableException> { runBlocking { recipe.place("tea") } }
        val retried = assertThrows<NoProducersAvailableException> { runBlocking { recipe.placeWithRetries("tea") } }
        assertThat(listOf(Outcome.of(failure), Outcome.of(retried))).containsOnly(Outcome.NOT_SENT)
    }

    private fun values(topic: String): List<String> = pulsar.messages(topic, Schema.STRING).map { it.value }

    companion object {
        @JvmField
        @RegisterExtension
        val pulsar: LocalPulsarExtension = LocalPulsarExtension.shared()
    }
}
