package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.core.pair.Message;
import io.prefstream.core.stats.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One item of a benchmark, with its texts.
 *
 * @param name name within the benchmark, built of its owner's ids
 * @param part subset, domain or set, as {@link ScoredItem#part} has it
 * @param prompt the conversation before the answer
 * @param answers texts of the answers, in the order in which the benchmark's scores stand
 * @param right whether each answer is a right one
 * @param duels the comparisons that count, where the benchmark lists them
 */
public record Item(
        String name,
        String part,
        List<Message> prompt,
        List<String> answers,
        boolean[] right,
        List<ScoredItem.Duel> duels) {

    /** Keeps copies of the lists. */
    public Item {
        prompt = List.copyOf(prompt);
        answers = List.copyOf(answers);
        duels = List.copyOf(duels);
    }

    /** The item under another name. */
    public Item named(String other) {
        return new Item(other, part, prompt, answers, right, duels);
    }

    /** The item with a model's scores. */
    public ScoredItem scored(double[] scores) {
        return new ScoredItem(name, part, right, duels, scores);
    }

    /** One conversation an answer, each from its first turn to the answer. */
    public List<List<Message>> conversations() {
        List<List<Message>> conversations = new ArrayList<>();
        for (String answer : answers) {
            List<Message> turns = new ArrayList<>(prompt);
            turns.add(new Message("assistant", answer));
            conversations.add(turns);
        }
        return conversations;
    }

    /** SHA-256 over the texts that are scored, each after its length, in lower-case hex. */
    public String textSha256() {
        List<byte[]> texts = new ArrayList<>();
        for (Message turn : prompt) {
            texts.add(turn.role().getBytes(StandardCharsets.UTF_8));
            texts.add(turn.content().getBytes(StandardCharsets.UTF_8));
        }
        answers.forEach(answer -> texts.add(answer.getBytes(StandardCharsets.UTF_8)));
        int bytes = texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
        ByteBuffer all = ByteBuffer.allocate(Integer.BYTES + bytes).putInt(prompt.size());
        texts.forEach(text -> all.putInt(text.length).put(text));
        return HexFormat.of().formatHex(Hashes.sha256(all.array()));
    }
}
