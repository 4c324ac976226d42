package dev.vela.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of type {@code String} of a test method, or of a method that runs before or after each test: the full
 * name of a topic that exists, is empty, and is used by no other test. Methods of one test that ask for a topic with the
 * same {@link #value()} get the same topic. See {@link LocalPulsarExtension}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Topic {
    /** Tells the topics of one test apart, and is part of the topic's name. */
    String value() default "topic";

    /** How many partitions the topic has; 0 for a topic without partitions. */
    int partitions() default 0;
}
