package dev.vela.internal.live;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An event in the life of a producer or a group, as Flight Recorder keeps it. */
@Name("dev.vela.Life")
@Label("Producer Life")
@Category("Vela")
@Description("A supervised producer or its group started, died, was restarted, fenced, refused or stopped")
@StackTrace(false)
final class LifeEvent extends Event {
    @Label("Runtime")
    @Nullable
    String runtime;

    @Label("Type")
    @Description("What happened: a dev.vela.VelaEvent.Type")
    @Nullable
    String type;

    @Label("Name")
    @Description("The name of the started producer")
    @Nullable
    String name;

    @Label("Topic")
    @Description("The topic, or the topic of the partition")
    @Nullable
    String topic;

    @Label("Producer")
    @Description("The name of the producer at the broker; none if a whole group is concerned")
    @Nullable
    String producer;

    @Label("Cause")
    @Description("The reason, without what looks like a secret")
    @Nullable
    String cause;
}
