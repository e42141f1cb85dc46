package io.prefstream.ingest.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.ingest.domain.ExtractionRules;
import io.prefstream.ingest.domain.PiiPolicy;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.SimilarityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CleaningTopologyTest {

    private static final String ASKED = "Please explain in a few sentences why the sky looks blue during the day.";
    private static final String GOOD = "Sunlight is scattered by the molecules of the air, and blue light, whose waves"
            + " are short, is scattered far more than red light, so that it reaches us from every side.";
    private static final String BAD = "The sky is blue because it mirrors the sea, which is blue, as everybody can see"
            + " who stands on a beach on a clear day and looks at the horizon for a while.";
    private static final String LONG_PROMPT =
            "A farmer keeps seventeen sheep, and all but nine of them run away at night; how many are left?";

    private StageFixture stage = new StageFixture("ingest", CleaningTopologyTest::topology);

    @AfterEach
    void close() {
        stage.close();
    }

    // Near-duplicates

    @Test
    void aPairWithAFewEditsIsANearDuplicateOfTheEarlier() {
        send(row(0, ASKED, GOOD, BAD));
        send(row(1, ASKED, GOOD.replace("molecules", "molecuels"), BAD.replace("clear day", "sunny day")));

        List<Pair> pairs = stage.read(Topics.PAIRS);
        assertThat(stage.read(Topics.NEAR_DUPLICATES)).singleElement().satisfies(fact -> {
            assertThat(fact.getPairId()).isEqualTo(pairs.get(1).getPairId());
            assertThat(fact.getOtherPairId()).isEqualTo(pairs.get(0).getPairId());
            assertThat(fact.getKind()).isEqualTo(SimilarityKind.NEAR_DUPLICATE);
            assertThat(fact.getSimilarity()).isBetween(0.8, 0.99);
        });
    }

    @Test
    void theLaterIsTheNearDuplicateWhicheverComesFirst() {
        send(row(7, ASKED, GOOD, BAD));
        send(row(3, ASKED, GOOD.replace("every side", "all sides"), BAD));

        List<Pair> pairs = stage.read(Topics.PAIRS);
        assertThat(stage.read(Topics.NEAR_DUPLICATES))
                .singleElement()
                .extracting(NearDuplicate::getPairId, NearDuplicate::getOtherOrdinal)
                .containsExactly(pairs.get(0).getPairId(), 3L);
    }

    @Test
    void swappedAnswersWithAFewEditsAreANearContradictionAndAnExactMirrorIsNone() {
        send(row(0, ASKED, GOOD, BAD));
        send(row(1, ASKED, BAD, GOOD));
        assertThat(stage.read(Topics.NEAR_DUPLICATES)).isEmpty();

        send(row(2, ASKED, BAD.replace("a beach", "the beach"), GOOD));

        assertThat(stage.read(Topics.NEAR_DUPLICATES))
                .extracting(f -> f.getKind() + " " + f.getOtherOrdinal())
                .containsExactlyInAnyOrder("NEAR_CONTRADICTION 0", "NEAR_DUPLICATE 1");
    }

    @Test
    void anotherAnswerToTheSamePromptIsNoNearDuplicate() {
        send(row(0, ASKED, GOOD, BAD));
        send(row(
                1, ASKED, GOOD, "It simply is. Some things have no reason, and the colour of the sky is one of them."));
        send(row(2, "Is it?", "Yes.", "No."));
        send(row(3, "Was that so?", "Yes.", "No."));

        assertThat(stage.read(Topics.NEAR_DUPLICATES)).isEmpty();
    }

    @Test
    void theSameFactsCountInEveryOrderOfArrival() {
        List<PairIn> rows = new ArrayList<>();
        Random random = new Random(5);
        for (int family = 0; family < 12; family++) {
            String good = words(random, 60);
            String bad = words(random, 60);
            String asked = words(random, 20);
            for (int copy = 0; copy < 6; copy++) {
                rows.add(row(rows.size(), asked, edited(good, random), edited(bad, random)));
            }
        }
        Map<String, String> inOrder = earliest(rows);
        assertThat(inOrder).hasSizeGreaterThan(50);
        for (int seed = 0; seed < 4; seed++) {
            List<PairIn> shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, new Random(seed));

            assertThat(earliest(shuffled)).isEqualTo(inOrder);
        }
    }

    @Test
    void aRowSentAgainAddsNoFact() {
        send(row(0, ASKED, GOOD, BAD));
        send(row(1, ASKED, GOOD + " Indeed.", BAD));
        stage.read(Topics.NEAR_DUPLICATES);

        send(row(1, ASKED, GOOD + " Indeed.", BAD));
        send(row(0, ASKED, GOOD, BAD));

        assertThat(stage.read(Topics.NEAR_DUPLICATES)).isEmpty();
        assertThat(stage.progress().getConsumed()).containsEntry("near-duplicate-bands", 2L);
    }

    @Test
    void sendsAPairToAPartitionOnce() {
        stage.close();
        stage = new StageFixture("ingest", 4, CleaningTopologyTest::topology);

        send(row(0, ASKED, GOOD, BAD));

        var probes = stage.read(Topics.NEAR_DUPLICATE_BANDS);
        assertThat(probes).hasSizeBetween(2, 4);
        assertThat(probes.stream().mapToInt(p -> p.getBands().size()).sum()).isEqualTo(24);
        assertThat(probes.stream().mapToInt(p -> p.getMirrorBands().size()).sum())
                .isEqualTo(24);
    }

    // Benchmarks

    @Test
    void aRowThatSharesThirteenWordsWithABenchmarkIsRefused() {
        benchmark("sheep", LONG_PROMPT);

        send(row(0, "Solve: a FARMER keeps seventeen sheep, and all but nine of them run away at noon.", "9", "8"));
        send(row(1, "A farmer keeps seventeen goats, and all but nine of them run away at night.", "9", "8"));

        assertThat(stage.read(Topics.REJECTED_INPUT)).singleElement().satisfies(refused -> {
            assertThat(refused.getRule()).isEqualTo("contaminated");
            assertThat(refused.getOrdinal()).isZero();
            assertThat(refused.getReason())
                    .contains("farmer keeps seventeen sheep and all but nine of them run away at")
                    .contains("item sheep of the benchmark b.jsonl");
        });
        assertThat(stage.read(Topics.PAIRS)).hasSize(1);
    }

    @Test
    void aShortPromptContaminatesOnlyAsAWholeTurn() {
        benchmark("snails", "How do I make escargot?");

        send(row(0, "how do i make  Escargot", "With butter.", "No."));
        send(row(1, "My aunt wonders: how do I make escargot?", "With butter.", "No."));

        assertThat(stage.read(Topics.REJECTED_INPUT))
                .extracting(RejectedInput::getRule, RejectedInput::getOrdinal)
                .containsExactly(org.assertj.core.api.Assertions.tuple("contaminated", 0L));
    }

    @Test
    void aBenchmarkLoadedLaterFindsItsHitsAmongOldPairs() {
        for (int i = 0; i < 450; i++) { // more than two slices of the walk
            send(row(i, (i % 100 == 7 ? LONG_PROMPT : "What is") + " " + i + "?", "good " + i, "bad " + i));
        }
        List<String> hit = stage.read(Topics.PAIRS).stream()
                .filter(pair -> pair.getOrdinal() % 100 == 7)
                .map(Pair::getPairId)
                .toList();

        benchmark("sheep", LONG_PROMPT);
        benchmark(
                "other", "A prompt that nobody has ever asked of any assistant in the whole wide world so far, sadly.");

        assertThat(stage.read(Topics.CONTAMINATIONS))
                .extracting(Contamination::getPairId)
                .containsExactlyInAnyOrderElementsOf(hit);
        assertThat(stage.progress().getConsumed()).containsEntry("benchmark-items", 2L);

        benchmark("sheep", LONG_PROMPT);
        assertThat(stage.read(Topics.CONTAMINATIONS)).isEmpty();
        assertThat(stage.progress().getConsumed()).containsEntry("benchmark-items", 3L);
    }

    @Test
    void theLeastItemIsNamedWhateverTheOrder() {
        benchmark("b", LONG_PROMPT);
        benchmark("a", LONG_PROMPT);

        send(row(0, LONG_PROMPT, "9", "8"));

        assertThat(stage.read(Topics.REJECTED_INPUT).getFirst().getReason()).contains("item a of");
    }

    // Personal data

    @Test
    void personalDataIsMarkedAndOtherwiseKept() {
        send(row(0, "Write to jane.roe@gmail.com, please.", "Done.", "Never."));

        Pair pair = stage.read(Topics.PAIRS).getFirst();
        assertThat(pair.getExtra()).containsEntry("pii_score", "2").containsEntry("pii_kinds", "email");
        assertThat(pair.getHistory().getFirst().getContent()).contains("jane.roe@gmail.com");
    }

    @Test
    void redactionComesBeforeAPairIsNamed() {
        policy("redact");

        send(row(0, "Write to jane.roe@gmail.com, please.", "Done.", "Never."));
        send(row(1, "Write to john.doe@gmail.com, please.", "Done.", "Never."));
        send(row(2, "Whose is it?", "a.b@gmail.com", "c.d@gmail.com"));

        assertThat(stage.read(Topics.PAIRS)).singleElement().satisfies(pair -> {
            assertThat(pair.getHistory().getFirst().getContent()).isEqualTo("Write to [EMAIL], please.");
            assertThat(pair.getExtra()).containsEntry("pii_score", "2");
        });
        assertThat(stage.read(Topics.REJECTED_INPUT))
                .extracting(RejectedInput::getRule)
                .containsExactlyInAnyOrder("duplicate", "identical-answers");
    }

    @Test
    void whatScoresTooHighIsRefusedWithoutBeingQuoted() {
        policy("drop");

        send(row(0, "Charge 4539 1488 0343 6467 now.", "Done.", "Never."));
        send(row(1, "Ping 81.2.69.142 now.", "Done.", "Never."));

        assertThat(stage.read(Topics.REJECTED_INPUT)).singleElement().satisfies(refused -> {
            assertThat(refused.getRule()).isEqualTo("pii");
            assertThat(refused.getReason()).contains("score 3 (card)").doesNotContain("4539");
        });
        assertThat(stage.read(Topics.PAIRS)).hasSize(1);
    }

    private void policy(String how) {
        stage.close();
        stage = new StageFixture(
                "ingest", environment -> IngestTopology.of(environment, ExtractionRules.ALL, new PiiPolicy(how, 2)));
    }

    private void benchmark(String item, String prompt) {
        stage.pipe(Topics.BENCHMARKS_IN, "b.jsonl/" + item, new BenchmarkItem("b.jsonl", item, prompt));
        stage.pass(Duration.ofSeconds(2));
    }

    private void send(PairIn row) {
        stage.pipe(Topics.PAIRS_IN, "any", row);
    }

    /** The earliest other pair of each pair and kind, after the rows came in this order. */
    private static Map<String, String> earliest(List<PairIn> rows) {
        try (StageFixture fresh = new StageFixture("ingest", CleaningTopologyTest::topology)) {
            rows.forEach(row -> fresh.pipe(Topics.PAIRS_IN, "any", row));
            Map<String, NearDuplicate> least = new HashMap<>();
            for (NearDuplicate fact : fresh.read(Topics.NEAR_DUPLICATES)) {
                least.merge(
                        fact.getPairId() + fact.getKind(),
                        fact,
                        (a, b) -> Comparator.comparingLong(NearDuplicate::getOtherOrdinal)
                                                .compare(a, b)
                                        <= 0
                                ? a
                                : b);
            }
            Map<String, String> told = new HashMap<>();
            least.forEach((key, fact) -> told.put(key, fact.getOtherPairId()));
            return told;
        }
    }

    private static String words(Random random, int n) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            text.append(Integer.toString(random.nextInt(50_000) + 1300, 36)).append(' ');
        }
        return text.toString();
    }

    private static String edited(String text, Random random) {
        StringBuilder edited = new StringBuilder(text);
        for (int i = 0; i < 3; i++) {
            edited.setCharAt(random.nextInt(edited.length()), (char) ('a' + random.nextInt(26)));
        }
        return edited.toString();
    }

    private static PairIn row(long ordinal, String prompt, String chosen, String rejected) {
        return PairIn.newBuilder()
                .setBatch("000001")
                .setOrdinal(ordinal)
                .setFile("in.jsonl")
                .setLine(ordinal + 1)
                .setSourceId(null)
                .setHistory(List.of(new PairInMessage("user", prompt)))
                .setChosen(chosen)
                .setRejected(rejected)
                .build();
    }

    private static Topology topology(StageEnvironment environment) {
        return IngestTopology.of(environment, ExtractionRules.ALL, PiiPolicy.of(Map.of()));
    }
}
