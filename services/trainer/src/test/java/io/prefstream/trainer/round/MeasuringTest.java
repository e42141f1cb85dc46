package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.GoldPenalty;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.TrainingRun;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuringTest {

    private static final Map<String, String> ONE_ROUND = Map.of("rounds", "1", "to-label", "20");
    private static final int ENCODER = FeatureGroup.ENCODER_COLUMNS;

    private static SmallWorld world(long seed) {
        SmallWorld world = new SmallWorld(seed);
        world.pairs(300, 0.75, 2);
        world.label(100);
        return world;
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> settings = new HashMap<>(ONE_ROUND);
        settings.put(name, value);
        return settings;
    }

    /** The last announcement of each served model. */
    private static List<Checkpoint> served(SmallWorld world) {
        Map<CheckpointRole, Checkpoint> last = new HashMap<>();
        world.all(Checkpoint.class).forEach(c -> last.put(c.getRole(), c));
        return List.of(last.get(CheckpointRole.BEST), last.get(CheckpointRole.GOLD));
    }

    @Test
    void servedModelsSayHowSureTheyMayBe() {
        SmallWorld world = world(1);

        world.run(1, ONE_ROUND);

        for (Checkpoint model : served(world)) {
            Map<String, Double> metrics = model.getMetrics();
            TrainingRun training = world.all(TrainingRun.class).stream()
                    .filter(t -> t.getFamily().equals(model.getFamily()))
                    .findFirst()
                    .orElseThrow();
            assertThat(metrics).containsAllEntriesOf(training.getMetrics());
            assertThat(metrics)
                    .containsEntry("gold_correct", (double) training.getGoldCorrect())
                    .containsEntry("gold_decided", 100.0)
                    .containsKeys("ece", "ece_calibrated", "ece_adaptive", "brier", "brier_calibrated");
            assertThat(metrics.get("temperature")).isBetween(0.01, 100.0);
            assertThat(metrics.get("log_loss_calibrated")).isLessThan(Math.log(2));
        }
    }

    @Test
    void everyCandidateFamilySaysSoToo() {
        SmallWorld world = world(2);

        world.run(1, ONE_ROUND);

        assertThat(world.all(TrainingRun.class))
                .hasSize(2)
                .allSatisfy(training ->
                        assertThat(training.getMetrics()).containsKeys("temperature", "log_loss", "ece_calibrated"));
        assertThat(world.all(Checkpoint.class))
                .filteredOn(c -> c.getRole() == CheckpointRole.CANDIDATE
                        && c.getMetrics().containsKey("temperature"))
                .extracting(Checkpoint::getFamily)
                .containsExactlyInAnyOrder("pool", "gold");
    }

    @Test
    void servedModelsSayWhatSwaysThem() {
        SmallWorld world = world(3);

        world.run(1, ONE_ROUND);

        for (Checkpoint model : served(world)) {
            Map<String, Double> metrics = model.getMetrics();
            double right = 100 - metrics.get("bias_position_less");
            assertThat(metrics.get("bias_position_more")).isEqualTo(right);
            assertThat(metrics.get("bias_position_people_lean")).isCloseTo(right / 100, within(1e-12));
            assertThat(metrics.get("bias_position_gap_lower"))
                    .isLessThan(metrics.get("bias_position_gap"))
                    .isLessThan(metrics.get("bias_position_gap_upper"));
            assertThat(metrics.get("bias_length_spearman")).isBetween(-0.3, 0.3); // made-up length says nothing
            assertThat(metrics).doesNotContainKey("bias_headers_spearman"); // no such column in this world
            assertThat(metrics).doesNotContainKey("bias_emoji_per_sd"); // not counted in it
        }
    }

    @Test
    void emojiCountWhereTheyWereCounted() {
        SmallWorld world = world(4);
        PairFeatures some = SampleFacts.features("pair-9999", new float[386], new float[386]);
        some.setChosen(ByteBuffer.allocate(386 * 4).putFloat(0, 1f));
        some.setChosenEmoji(3);
        some.setRejectedEmoji(1);
        world.add("pair-features", some);

        world.run(1, ONE_ROUND);

        assertThat(served(world))
                .allSatisfy(model -> assertThat(model.getMetrics())
                        .containsKey("bias_emoji_per_sd")
                        .containsEntry("bias_emoji_more", 0.0));
    }

    @Test
    void theFeatureSetOfARunLeavesColumnsOut() {
        SmallWorld all = world(5);
        SmallWorld some = world(5);

        all.run(1, ONE_ROUND);
        some.run(1, with("features", "encoder"));

        for (Checkpoint model : served(some)) {
            assertThat(model.getFeatureSet()).isEqualTo("made-up/1:encoder");
            BradleyTerryHead head = BradleyTerryHead.decode(
                    model.getInline().array(), BradleyTerryHead.featuresHash(List.of("made-up/1:encoder")));
            assertThat(Arrays.copyOfRange(head.weights(), ENCODER, head.weights().length))
                    .containsOnly(0);
            assertThat(Arrays.stream(head.weights()).limit(ENCODER)).doesNotContain(0.0);
        }
        assertThat(some.told(1)).containsEntry("gate/keep", "open");
        assertThat(served(all))
                .allSatisfy(model -> assertThat(model.getFeatureSet()).isEqualTo("made-up/1"));
    }

    @Test
    void featuresThatKnowNothingProveNothing() {
        SmallWorld world = world(6);

        world.run(1, with("features", "lexical"));

        assertThat(world.told(1)).containsEntry("gate/keep", "closed").containsEntry("gate/flip", "closed");
    }

    @Test
    void namingAllFeaturesIsTheSameAsNamingNone() {
        SmallWorld one = world(7);
        SmallWorld other = world(7);

        one.run(1, ONE_ROUND);
        other.run(1, with("features", "encoder,lexical,structural"));

        assertThat(served(other).getFirst().getInline())
                .isEqualTo(served(one).getFirst().getInline());
        assertThat(served(other).getFirst().getMetrics())
                .isEqualTo(served(one).getFirst().getMetrics());
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void penaltiesChosenOnGoldAreOfTheGridAndTheSameEachTime(long seed) {
        SmallWorld one = world(seed);
        SmallWorld other = world(seed);
        SmallWorld fixed = world(seed);

        one.run(1, with("penalty", "gold"));
        other.run(1, with("penalty", "gold"));
        fixed.run(1, ONE_ROUND);

        assertThat(GoldPenalty.GRID).contains(Double.parseDouble(one.told(1).get("l2/gold")));
        assertThat(one.records()).isEqualTo(other.records());
        assertThat(fixed.told(1)).doesNotContainKey("l2/gold");
    }
}
