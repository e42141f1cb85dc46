package io.prefstream.trainer.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.StageFixture;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.Annotator;
import io.prefstream.wire.Progress;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.Round;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainerTopologyTest {

    private final List<Step> asked = new ArrayList<>();
    private CompletableFuture<StepWork.Found> work = new CompletableFuture<>();
    private final StageFixture stage = new StageFixture(
            "trainer",
            2,
            environment -> TrainerTopology.of(environment, (last, settings) -> {
                asked.add(last);
                return work;
            }));

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void startsNoWorkBeforeEveryPairWasRead() {
        request(1, 3);
        ingested(2);
        stage.pass(Duration.ofSeconds(1));
        assertThat(asked).isEmpty();

        ingested(3);
        stage.pass(Duration.ofSeconds(1));

        assertThat(asked).containsExactly(new Step(1, Phase.COLLECT, 0));
    }

    @Test
    void sendsAStepToEveryPartitionWithTheRecordsOfItsWork() {
        request(1, 0);
        work.complete(new StepWork.Found(
                round(1, Phase.TRAIN, 1),
                List.of(new StepWork.Out(
                        Topics.SCORING_REQUESTS,
                        "s",
                        new ScoringRequest("s", 1, List.of("c"), ScoringSet.GOLD, 0L, 5, List.of(), 0.0)))));

        stage.pass(Duration.ofMillis(150));

        assertThat(stage.read(Topics.ROUNDS)).extracting(Round::getPhase).containsExactly("train", "train");
        assertThat(stage.read(Topics.SCORING_REQUESTS)).hasSize(2);
    }

    @Test
    void waitsUntilTheStepItOpenedHasBeenReadByItsReaders() {
        request(1, 0);
        work.complete(new StepWork.Found(round(1, Phase.DECIDE, 0), List.of()));
        stage.pass(Duration.ofSeconds(1));
        assertThat(asked).hasSize(1);

        report("label-verifier", Map.of("rounds", 2L));
        report("consistency-filter", Map.of("rounds", 2L));
        stage.pass(Duration.ofMillis(100));

        assertThat(asked).last().isEqualTo(new Step(1, Phase.DECIDE, 0));
    }

    @Test
    void takesTheNextRunOnlyWhenTheFirstIsDone() {
        request(1, 0);
        request(2, 0);
        work.complete(new StepWork.Found(round(1, Phase.DONE, 0), List.of()));
        stage.pass(Duration.ofSeconds(1));
        assertThat(asked).containsExactly(new Step(1, Phase.COLLECT, 0));

        work = new CompletableFuture<>();
        report("label-verifier", Map.of("rounds", 2L));
        report("consistency-filter", Map.of("rounds", 2L));
        stage.pass(Duration.ofMillis(100));

        assertThat(asked).last().isEqualTo(new Step(2, Phase.COLLECT, 0));
    }

    @Test
    void publishesAgreementOfTheVotesOfAllPairsAndCountsThemWhenItHas() {
        for (int i = 0; i < 12; i++) {
            vote("p" + i, RaterKind.HUMAN, "ann", i % 2 == 0 ? VoteChoice.CHOSEN : VoteChoice.REJECTED);
            vote("p" + i, RaterKind.HUMAN, "bob", i % 2 == 0 ? VoteChoice.CHOSEN : VoteChoice.REJECTED);
        }
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.AGREEMENT))
                .filteredOn(line -> line.getTaskCategory().isEmpty())
                .satisfies(lines -> assertThat(lines).hasSize(7))
                .filteredOn(line -> line.getRaters().contains("p"))
                .anySatisfy(line -> {
                    assertThat(line.getRaters()).isEqualTo("people");
                    assertThat(line.getValue()).isEqualTo(1.0);
                })
                .anySatisfy(line -> {
                    assertThat(line.getRaters()).isEqualTo("person and judge");
                    assertThat(line.getValue()).isNull();
                    assertThat(line.getUndefined()).isEqualTo("no two of them have judged one pair");
                });
        assertThat(stage.read(Topics.ANNOTATORS))
                .extracting(Annotator::getAnnotator, Annotator::getVotes, Annotator::getAgreed)
                .containsExactly(tuple("ann", 12L, 12L), tuple("bob", 12L, 12L));
        assertThat(stage.progress().getConsumed()).containsEntry("votes", 24L);
    }

    @Test
    void opensNoStepBeforeTheVotesBeforeItAreIn() {
        request(1, 0);
        stage.pipe(
                Topics.PROGRESS,
                "label-verifier/0",
                new Progress("label-verifier", 0, Map.of(), Map.of("votes", 1L), Map.of()));
        stage.pass(Duration.ofSeconds(1));
        assertThat(asked).isEmpty();

        vote("p", RaterKind.JUDGE, "llm", VoteChoice.TIE);
        stage.pass(Duration.ofSeconds(1));

        assertThat(asked).containsExactly(new Step(1, Phase.COLLECT, 0));
    }

    private void vote(String pair, RaterKind kind, String who, VoteChoice choice) {
        stage.pipe(
                Topics.VOTES,
                pair,
                Vote.newBuilder()
                        .setPairId(pair)
                        .setVoteId(kind + "/" + who)
                        .setAnnotator(who)
                        .setKind(kind)
                        .setChoice(choice)
                        .setTaskCategory("Math")
                        .build());
    }

    private void request(int run, long pairs) {
        stage.pipe(
                Topics.RUNS,
                "run-" + run,
                new RunRequest(run, Map.of(), Map.of("pairs-in", pairs), "curate", List.of(), ""));
    }

    private void ingested(long pairs) {
        report("ingest", Map.of("pairs-in", pairs));
    }

    private void report(String reader, Map<String, Long> consumed) {
        stage.pipe(Topics.PROGRESS, reader + "/0", new Progress(reader, 0, consumed, Map.of(), Map.of()));
    }

    private static Round round(int run, Phase phase, int round) {
        return new Round(run, round, phase.wireName(), Map.of(), List.of(), null, Map.of());
    }
}
