package dev.vela.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a runtime.
 *
 * @param runtime the name of the runtime
 * @param number its number in the runtime's instance, the first is 1
 * @param time when it happened
 * @param type a name of VelaEvent.Type, or one that only a newer Vela knows
 * @param name the supervised producer's name in the runtime
 * @param topic the topic or partition
 * @param producer the official producer's name, if it is about one
 * @param cause why, if there is a failure behind it
 */
record LiveEvent(
        String runtime,
        long number,
        Instant time,
        String type,
        String name,
        String topic,
        @Nullable String producer,
        @Nullable String cause) {}
