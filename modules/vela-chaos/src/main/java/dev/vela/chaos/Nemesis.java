package dev.vela.chaos;

import dev.vela.chaos.FaultKind.Where;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Injects the faults of a schedule, each at its time, on two threads: one for each track of the schedule. */
final class Nemesis {

    private static final Duration HEAL_LIMIT = Duration.ofMinutes(2);

    private final FaultFactory factory;
    private final Audience audience;
    private final Consumer<String> progress;
    private final Queue<InjectedFault> injectedFaults = new ConcurrentLinkedQueue<>();
    private final long start = System.nanoTime();
    private volatile @Nullable Throwable broken;

    /**
     * Creates a nemesis whose schedule starts now.
     *
     * @param audience learns when each fault begins and is over
     * @param progress receives a line for each step
     */
    Nemesis(FaultFactory factory, Audience audience, Consumer<String> progress) {
        this.factory = factory;
        this.audience = audience;
        this.progress = progress;
    }

    /**
     * Injects all faults. Returns when every fault has been repaired.
     *
     * @throws IllegalStateException if a fault could not be repaired
     */
    List<InjectedFault> run(Schedule schedule) throws InterruptedException {
        Thread application = track(schedule, true);
        Thread others = track(schedule, false);
        try {
            application.join();
            others.join();
        } catch (InterruptedException e) {
            application.interrupt();
            others.interrupt();
            throw e;
        }
        Throwable failure = broken;
        if (failure != null) {
            throw new IllegalStateException("a fault could not be put right: " + failure, failure);
        }
        List<InjectedFault> all = new ArrayList<>(injectedFaults);
        all.sort(Comparator.comparingLong(injected -> injected.entry().atMillis()));
        return all;
    }

    private Thread track(Schedule schedule, boolean application) {
        List<Schedule.Entry> entries = schedule.entries().stream()
                .filter(entry -> (entry.kind().where() == Where.APPLICATION) == application)
                .toList();
        Thread thread = new Thread(
                () -> {
                    try {
                        for (Schedule.Entry entry : entries) {
                            run(entry);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (Exception | Error e) {
                        broken = e;
                    }
                },
                application ? "chaos-application-track" : "chaos-cluster-track");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void run(Schedule.Entry entry) throws Exception {
        sleepUntil(entry.atMillis());
        progress.accept(entry.kind().label() + ": " + entry.kind().words());
        Fault fault = factory.fault(entry);
        String problem = null;
        Runnable over = audience.faultBegins(entry.kind());
        long begunAtMillis = System.currentTimeMillis();
        long endedAtMillis;
        try {
            try {
                fault.begin();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                problem = e.toString();
                progress.accept(entry.kind().label() + " was not done: " + problem);
            }
            // The fault lasts as long as planned, even if it began late because the previous repair took long.
            TimeUnit.MILLISECONDS.sleep(begunAtMillis + entry.durationMillis() - System.currentTimeMillis());
            endedAtMillis = end(fault);
        } finally {
            over.run();
        }
        injectedFaults.add(new InjectedFault(entry, begunAtMillis, endedAtMillis, problem));
        progress.accept(entry.kind().label() + " is over");
    }

    /** Returns the start time of the attempt that repaired the fault. */
    private static long end(Fault fault) throws Exception {
        long limit = System.nanoTime() + HEAL_LIMIT.toNanos();
        while (true) {
            long begunAtMillis = System.currentTimeMillis();
            try {
                fault.end();
                return begunAtMillis;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (System.nanoTime() - limit >= 0) {
                    throw e;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private void sleepUntil(long millis) throws InterruptedException {
        long left = start + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
