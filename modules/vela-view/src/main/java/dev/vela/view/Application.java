package dev.vela.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.ObjectName;

/**
 * A JVM with runtimes in it.
 *
 * @param jvm the JVM
 * @param runtimes the names of its runtimes, sorted
 */
record Application(Jvm jvm, List<String> runtimes) {

    private static final long LIMIT_SECONDS = 5;

    /**
     * What was found.
     *
     * @param applications those that have a runtime, by their process id
     * @param silent those that do not answer, and may have one
     */
    record Search(List<Application> applications, List<Jvm> silent) {}

    /** Looks for a runtime in each of this user's JVMs, to which it attaches. */
    static Search search() throws InterruptedException {
        List<Jvm> jvms = Jvm.all();
        List<FutureTask<Application>> tasks = new ArrayList<>();
        for (Jvm jvm : jvms) {
            FutureTask<Application> task = new FutureTask<>(() -> of(jvm));
            Thread thread = new Thread(task, "vela-view-list");
            thread.setDaemon(true); // may wait for a JVM that does not answer
            thread.start();
            tasks.add(task);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        List<Application> found = new ArrayList<>();
        List<Jvm> silent = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            try {
                found.add(tasks.get(i).get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                // Cannot be attached to.
            } catch (TimeoutException e) {
                silent.add(jvms.get(i));
            }
        }
        found.removeIf(application -> application.runtimes().isEmpty());
        found.sort(Comparator.comparing(application -> application.jvm().pid()));
        return new Search(found, silent);
    }

    private static Application of(Jvm jvm) throws IOException {
        MBeanSource.Connection connection = jvm.connect();
        try {
            TreeSet<String> names = new TreeSet<>();
            for (ObjectName bean : connection.server().queryNames(MBeanSource.RUNTIMES, null)) {
                names.add(name(bean));
            }
            return new Application(jvm, List.copyOf(names));
        } finally {
            connection.close();
        }
    }

    private static String name(ObjectName bean) {
        String name = bean.getKeyProperty("name");
        if (name == null) {
            return bean.toString();
        }
        return name.startsWith("\"") ? ObjectName.unquote(name) : name;
    }
}
