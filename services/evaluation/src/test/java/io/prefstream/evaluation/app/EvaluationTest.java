package io.prefstream.evaluation.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.core.pair.Message;
import io.prefstream.evaluation.client.ResultFiles;
import io.prefstream.evaluation.client.ScoreFiles;
import io.prefstream.evaluation.domain.Format;
import io.prefstream.evaluation.domain.Formats;
import io.prefstream.evaluation.domain.Item;
import io.prefstream.evaluation.domain.Loaded;
import io.prefstream.evaluation.domain.Report;
import io.prefstream.evaluation.domain.Standing;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    private static final Format FORMAT = Formats.of("rewardbench", 0).orElseThrow();

    @TempDir
    private Path folder;

    private final List<String> messages = new ArrayList<>();

    /** Scores an answer by its length, and can't score one that is the word "long". */
    private static final class ByLength implements AnswerScorer {

        private final List<Integer> slices = new ArrayList<>();
        private int answers;

        @Override
        public String id() {
            return "by-length";
        }

        @Override
        public double[] score(List<List<Message>> conversations) {
            double[] scores = new double[conversations.size()];
            for (int i = 0; i < scores.length; i++) {
                String answer = conversations.get(i).getLast().content();
                if (answer.equals("long")) {
                    throw new UnscorableText(i, "too long; shorten it");
                }
                scores[i] = answer.length();
            }
            slices.add(scores.length);
            answers += scores.length;
            return scores;
        }

        @Override
        public double[] scoreTexts(List<String> texts) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static Item item(int number, String chosen, String rejected) {
        return new Item(
                "donotanswer/" + number,
                "donotanswer",
                List.of(new Message("user", "q" + number)),
                List.of(chosen, rejected),
                new boolean[] {true, false},
                List.of());
    }

    private static Loaded loaded(List<Item> items) {
        return new Loaded(FORMAT, items, List.of(), 0, Map.of(), List.of(), false);
    }

    private static List<Item> items(int n) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            items.add(item(i, i % 3 == 0 ? "a" : "aaa", "aa"));
        }
        return items;
    }

    @Test
    void scoresInSlicesThatNeverPartAnItem() {
        ByLength scorer = new ByLength();

        Standing standing = Evaluation.byModel(
                loaded(items(300)), Map.of(), new Scoring(scorer, messages::add), (items, scores) -> {});

        assertThat(scorer.slices).containsExactly(256, 256, 88);
        assertThat(standing.items()).hasSize(300);
        assertThat(standing.outcome().score()).isEqualTo(200 / 300.0);
        assertThat(standing.outcome().missing()).hasSize(22);
    }

    @Test
    void anAnswerThatCannotBeScoredFailsAloneAndIsToldOf() {
        List<Item> items = List.of(item(1, "aaa", "a"), item(2, "long", "a"), item(3, "aaa", "long"));

        Standing standing =
                Evaluation.byModel(loaded(items), Map.of(), new Scoring(new ByLength(), messages::add), (i, s) -> {});

        assertThat(standing.failed()).isEqualTo(2);
        assertThat(standing.outcome().score()).isEqualTo(2 / 3.0);
        assertThat(messages)
                .containsExactly(
                        "rewardbench, item donotanswer/2: an answer counts as failed: too long; shorten it",
                        "rewardbench, item donotanswer/3: an answer counts as failed: too long; shorten it");
    }

    @Test
    void goesOnAfterAKillWithWhatIsInTheFolderAndEndsTheSame() throws IOException {
        List<Item> items = items(40);
        Path whole = folder.resolve("whole");
        Standing undisturbed = scored(items, whole, new ByLength());
        Path killed = folder.resolve("killed");
        ResultFiles files = new ResultFiles(killed);
        try (ResultFiles.Journal journal = files.journal(false)) {
            List<ScoredItem> early = new ArrayList<>(undisturbed.items().subList(0, 30));
            journal.add(FORMAT.benchmark(), early, texts(items), "by-length");
        }
        Files.writeString(killed.resolve("items.jsonl.partial"), "{\"benchmark\": \"rewa", StandardOpenOption.APPEND);
        List<Item> changed = new ArrayList<>(items);
        changed.set(3, item(3, "aaaa", "aa")); // its text is another now

        ByLength scorer = new ByLength();
        scored(changed, killed, scorer);

        assertThat(scorer.answers).isEqualTo(2 * 11);
        List<String> lines = Files.readAllLines(killed.resolve("items.jsonl"));
        List<String> due = Files.readAllLines(whole.resolve("items.jsonl"));
        assertThat(lines).hasSize(40);
        assertThat(lines.subList(4, 40)).isEqualTo(due.subList(4, 40));
        assertThat(Files.exists(killed.resolve("items.jsonl.partial"))).isFalse();
    }

    private static Map<String, String> texts(List<Item> items) {
        Map<String, String> texts = new HashMap<>();
        items.forEach(item -> texts.put(item.name(), item.textSha256()));
        return texts;
    }

    private Standing scored(List<Item> items, Path out, ByLength scorer) {
        ResultFiles files = new ResultFiles(out);
        var kept = files.kept("by-length").getOrDefault("rewardbench", Map.of());
        try (ResultFiles.Journal journal = files.journal(true)) {
            Standing standing =
                    Evaluation.byModel(loaded(items), kept, new Scoring(scorer, messages::add), (slice, scores) -> {
                        List<ScoredItem> fresh = new ArrayList<>();
                        for (int i = 0; i < slice.size(); i++) {
                            fresh.add(slice.get(i).scored(scores.get(i)));
                        }
                        journal.add(FORMAT.benchmark(), fresh, texts(slice), "by-length");
                    });
            files.write(new Report("by-length", List.of(standing)), 0);
            return standing;
        }
    }

    @Test
    void scoresOfAnotherModelAreNotKept() {
        scored(items(5), folder, new ByLength());

        assertThat(new ResultFiles(folder).kept("by-width")).isEmpty();
        assertThat(new ResultFiles(folder).kept("by-length").get("rewardbench")).hasSize(5);
    }

    @Test
    void itemsThatWereWrittenCanBeFedBackWithOrWithoutTheBenchmark() {
        Standing first = scored(items(10), folder, new ByLength());
        var read = ScoreFiles.read(List.of(folder.resolve("items.jsonl")));

        Standing alone = Evaluation.byRecordAlone(FORMAT, read.scores().get("rewardbench"), 0);
        Standing joined = Evaluation.byRecord(loaded(items(10)), read.scores().get("rewardbench"), 0);

        assertThat(read.models()).containsExactly("by-length");
        assertThat(alone.outcome()).isEqualTo(first.outcome());
        assertThat(joined.outcome()).isEqualTo(first.outcome());
    }

    @Test
    void scoresThatFitNoItemAreRefusedAndItemsWithoutScoresAreNamed() {
        scored(items(10), folder, new ByLength());
        var read = ScoreFiles.read(List.of(folder.resolve("items.jsonl")));
        List<Item> other = new ArrayList<>(items(9));
        other.add(item(70, "a", "aa"));

        Standing standing = Evaluation.byRecord(loaded(other), read.scores().get("rewardbench"), 0);

        assertThat(standing.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason())
                        .isEqualTo("donotanswer/9 is not among the items in the files of --data"));
        assertThat(standing.outcome().missing()).contains("scores of 1 items", "1 refused rows");
    }

    @Test
    void theReportNamesWhatIsPartialAndGivesNoMean() {
        Standing standing = scored(items(9), folder, new ByLength());

        String text = new Report("by-length", List.of(standing)).text();

        assertThat(text)
                .contains("66.7*", "* RewardBench: partial (22 parts missing", "No mean of seven, for want of:")
                .containsPattern("Skywork-Reward-V2-Llama-3.1-8B-40M +97.8 +86.5 +79.8 +87.2 +89.3 +96.0 +83.4 +88.6");
    }
}
