package dev.vela.internal.live;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A group at one moment, as Flight Recorder keeps it. */
@Name("dev.vela.Group")
@Label("Producer Group")
@Category("Vela")
@Description("The producers of one topic or partition, once in each period")
@Period("10 s")
@StackTrace(false)
final class GroupEvent extends Event {
    @Label("Runtime")
    @Nullable
    String runtime;

    @Label("Name")
    @Description("The name of the started producer")
    @Nullable
    String name;

    @Label("Topic")
    @Description("The topic, or the topic of the partition")
    @Nullable
    String topic;

    @Label("State")
    @Description("A dev.vela.HandleState")
    @Nullable
    String state;

    @Label("Waiting Messages")
    @Description("Messages accepted that wait for a producer")
    int waiting;

    @Label("Pending Messages")
    @Description("Messages accepted and not answered")
    long pendingMessages;

    @Label("Pending Bytes")
    @DataAmount
    long pendingBytes;

    @Label("Stored Messages")
    @Description("Messages answered with a receipt since the group was created")
    long stored;

    @Label("Stored Bytes")
    @DataAmount
    long storedBytes;

    @Label("Failed Messages")
    @Description("Messages answered with a failure since the group was created")
    long failed;

    @Label("Restarts")
    @Description("How often the group and its producers were restarted")
    int restarts;

    @Label("Producers")
    int producers;

    @Label("Producers Ready")
    int producersReady;

    @Label("Oldest In Flight")
    @Description("How long the oldest message has been in flight")
    @Timespan(Timespan.MILLISECONDS)
    long oldestInFlight;
}
