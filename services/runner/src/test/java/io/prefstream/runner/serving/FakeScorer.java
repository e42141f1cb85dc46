package io.prefstream.runner.serving;

import io.prefstream.core.pair.Message;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Scores an answer by its length and the model's number: thousands tell the model, the rest the length. */
public final class FakeScorer implements AnswerScorer {

    private final int number;
    private final CountDownLatch gate;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean closed;

    public FakeScorer(int number) {
        this(number, new CountDownLatch(0));
    }

    /** One that waits for the gate before it scores. */
    FakeScorer(int number, CountDownLatch gate) {
        this.number = number;
        this.gate = gate;
    }

    public static String idOf(int number) {
        return String.format("%064x", number);
    }

    double scoreOf(String answer) {
        return number * 1000.0 + answer.length() + 0.5;
    }

    int calls() {
        return calls.get();
    }

    boolean closed() {
        return closed;
    }

    @Override
    public String id() {
        return idOf(number);
    }

    @Override
    public double[] score(List<List<Message>> conversations) {
        return scoreTexts(
                conversations.stream().map(talk -> talk.getLast().content()).toList());
    }

    @Override
    public double[] scoreTexts(List<String> texts) {
        calls.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closed) {
            throw new IllegalStateException("used after it was closed");
        }
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).contains("too long")) {
                throw new UnscorableText(i, "has 9 tokens, at most 8 are taken; shorten it");
            }
            if (texts.get(i).contains("break")) {
                throw new IllegalArgumentException("broken");
            }
        }
        return texts.stream()
                .mapToDouble(text -> text.contains("no number") ? Double.NaN : scoreOf(text))
                .toArray();
    }

    @Override
    public void close() {
        closed = true;
    }
}
