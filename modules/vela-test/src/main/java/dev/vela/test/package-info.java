/**
 * For tests of code that uses Vela: {@link dev.vela.test.MockVela} and {@link dev.vela.test.MockSupervisedProducer}
 * need no broker, and {@link dev.vela.test.LocalPulsarExtension} gives tests a real Pulsar.
 */
@NullMarked
package dev.vela.test;

import org.jspecify.annotations.NullMarked;
