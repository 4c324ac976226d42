package dev.vela.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A source whose reads hang until a test says what is answered. */
final class ScriptedSource implements Source {

    /** What an answer is made of. */
    @FunctionalInterface
    interface Answer {
        List<String> to(Map<String, Long> lastEvents) throws IOException;
    }

    final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Map<String, Long>> questions = new LinkedBlockingQueue<>();
    final List<String> restarts = new ArrayList<>();
    volatile boolean hangs;
    volatile boolean restarting;
    volatile boolean closed;

    @Override
    public String describe() {
        return "script";
    }

    @Override
    public List<String> read(Map<String, Long> lastEvents) throws IOException {
        questions.add(lastEvents);
        hangs = true;
        try {
            Answer answer = answers.take();
            hangs = false;
            return answer.to(lastEvents);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void restart(String instance, String name) throws IOException {
        if (name.equals("hangs")) {
            restarting = true;
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (name.equals("stopped")) {
            throw new IOException("is stopped");
        }
        restarts.add(instance + " " + name);
    }

    @Override
    public void close() {
        closed = true;
    }
}
