package io.prefstream.retrieval.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.pair.Message;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.EvaluationProvenance;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebalanceTest {

    private static final int PAIRS = 160;
    private static final int GOLD = 12;

    @TempDir
    File folder;

    @ParameterizedTest(name = "{0} partitions")
    @ValueSource(ints = {4, 16, 256})
    void asksForTheSameAtAnyNumberOfPartitions(int partitions) {
        assertThat(asked(partitions, false)).isEqualTo(asked(1, false));
    }

    @ParameterizedTest(name = "{0} partitions")
    @ValueSource(ints = {1, 4, 16})
    void asksForTheSameWhenTasksMoveAtAnyTime(int partitions) {
        assertThat(asked(partitions, true)).isEqualTo(asked(1, false));
    }

    @Test
    void aTaskThatMovesWhileAnswersAreDueLosesNone() {
        Tasks tasks = filled(4, new Random(5), false);
        evaluate(tasks, 1);

        while (tasks.run(1)) {
            for (int partition = 0; partition < 4; partition++) {
                tasks.move(partition);
            }
        }

        assertThat(lines(tasks)).isEqualTo(asked(1, false));
    }

    private List<String> asked(int partitions, boolean moves) {
        Random random = new Random(partitions);
        Tasks tasks = filled(partitions, random, moves);
        evaluate(tasks, 1);
        while (tasks.run(moves ? 5 : Integer.MAX_VALUE)) {
            tasks.move(random.nextInt(partitions));
        }
        return lines(tasks);
    }

    private Tasks filled(int partitions, Random random, boolean moves) {
        Tasks tasks = new Tasks(partitions, new ByHash(), folder);
        for (int i = 0; i < PAIRS; i++) {
            String id = "pair-" + i;
            tasks.send(Topics.PAIRS, id, SampleFacts.pair(id, "question " + i / 3, "yes", "no"));
            tasks.send(Topics.PAIR_ATTRIBUTES, id, SampleFacts.attributes(id));
            if (i % 5 == 4) {
                Label label = SampleFacts.label(id, LabelKind.SILVER, LabelOutcome.CHOSEN);
                label.setRound(0);
                tasks.send(Topics.LABELS, id, label);
            }
            if (moves) {
                tasks.move(random.nextInt(partitions));
            }
        }
        for (int i = 0; i < GOLD; i++) {
            tasks.send(Topics.LABELS, "pair-" + i, SampleFacts.label("pair-" + i, LabelKind.GOLD, LabelOutcome.CHOSEN));
        }
        return tasks;
    }

    private static void evaluate(Tasks tasks, int round) {
        for (int i = 0; i < GOLD; i++) {
            tasks.send(
                    Topics.EVALUATIONS,
                    "pair-" + i,
                    Evaluation.newBuilder()
                            .setPairId("pair-" + i)
                            .setRound(round)
                            .setCheckpoint("pool/0")
                            .setMargin(i - 6)
                            .setP(0.5)
                            .setCorrect(i > 6)
                            .setProvenance(new EvaluationProvenance("reward-scorer", "1", "", List.of(), null, null))
                            .build());
        }
    }

    /** In an order of their own, since arrival has none across partitions. */
    private static List<String> lines(Tasks tasks) {
        List<String> lines = new ArrayList<>();
        for (LabelRequest request : tasks.requests()) {
            lines.add(request.getAnchors() + " " + request.getPairId() + " " + request.getSimilarity());
        }
        lines.sort(null);
        assertThat(lines).hasSizeGreaterThan(GOLD).doesNotHaveDuplicates();
        return lines;
    }

    /** Directions drawn by the hash of a question. */
    private static final class ByHash implements TextFeatures {
        @Override
        public Entry entry(List<Message> history, Attributes attributes) {
            String text = history.getLast().content();
            Random random = new Random(text.hashCode());
            float[] vector = new float[8];
            double norm = 0;
            for (int j = 0; j < vector.length; j++) {
                vector[j] = (float) random.nextGaussian();
                norm += vector[j] * vector[j];
            }
            for (int j = 0; j < vector.length; j++) {
                vector[j] /= (float) Math.sqrt(norm);
            }
            return new Entry("entry-" + text, vector);
        }

        @Override
        public Answer answer(List<Message> history, String answer) {
            return new Answer("answer-" + answer, new float[] {answer.length()});
        }

        @Override
        public String encoderRevision() {
            return "hash/1";
        }

        @Override
        public String featureSet() {
            return "length/1";
        }
    }
}
