package io.prefstream.trainer.round;

import io.prefstream.core.stats.Hashes;
import io.prefstream.core.verdict.GoldState;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.RunSettings;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which step follows on which. The same facts and settings give the same records, byte for byte. */
public final class RoundControl {

    private RoundControl() {}

    /**
     * Does the work between {@code last}, which has drained, and the step after it.
     *
     * @param facts everything that the topics hold
     * @param settings the run's settings as they were given
     */
    public static StepWork.Found after(Step last, Facts facts, Map<String, String> settings) {
        RunFacts run =
                new RunFacts(facts, RunSettings.of(settings), configHash(settings), last.run(), new Raters(facts));
        StepRecords records = new StepRecords(run, last.round());
        Fetching fetching = new Fetching(run, records);
        Training training = new Training(run, records, fetching);
        Judging judging = new Judging(run, records);
        Deciding deciding = new Deciding(run, records, fetching, settings);
        boolean judges = run.settings().judges();
        boolean tagger = run.settings().tagger();
        if (last.phase() == Phase.COLLECT) {
            records.payPeople();
        }
        return switch (last.phase()) {
            case COLLECT ->
                run.settings().dawidSkene() ? records.fuse() : afterCollection(run, training, judging, deciding);
            case FUSE ->
                last.round() == 0 ? afterCollection(run, training, judging, deciding) : afterLabels(training, last);
            case TAG_GOLD -> training.train(1);
            case TRAIN -> training.evaluate();
            case EVALUATE -> {
                if (tagger) {
                    yield judging.describe(Phase.TAG_FETCHED);
                }
                if (judges) {
                    yield judging.admit(judging.first());
                }
                yield Fetching.admits(run) ? fetching.admit() : afterLabels(training, last);
            }
            case TAG_FETCHED -> judging.admit(judging.first());
            case PROBE -> judging.admit(Phase.LABEL);
            case LABEL -> run.settings().dawidSkene() ? records.fuse() : afterLabels(training, last);
            case FINAL -> judges ? judging.quote() : deciding.next();
            case JUDGE -> tagger ? judging.describe(Phase.TAG_OPEN) : judging.admit(Phase.ASK);
            case TAG_OPEN -> judging.admit(Phase.ASK);
            case ASK -> {
                if (judging.mayAskMore()) { // calls cost less than the most they could
                    yield tagger ? judging.describe(Phase.TAG_OPEN) : judging.admit(Phase.ASK);
                }
                yield deciding.next();
            }
            case RECORDED -> deciding.next();
            case SELECT -> deciding.decide();
            case DECIDE -> {
                records.account(new Accounts(run).ofDecision());
                yield records.step(Phase.DONE, run.told());
            }
            case DONE -> throw new IllegalStateException("nothing follows on the end of a run");
        };
    }

    private static StepWork.Found afterCollection(RunFacts run, Training training, Judging judging, Deciding deciding) {
        if (run.goldState() == GoldState.READY) {
            return run.settings().tagger() ? judging.describeGold() : training.train(1);
        }
        training.unscored();
        return deciding.next();
    }

    private static StepWork.Found afterLabels(Training training, Step last) {
        Optional<String> ended = training.ends();
        return ended.isPresent() ? training.finish(ended.get()) : training.train(last.round() + 1);
    }

    /** Names the settings as they were given, the files aside. */
    private static String configHash(Map<String, String> settings) {
        Map<String, String> given = new HashMap<>(settings);
        given.keySet().removeIf(name -> name.startsWith("file/"));
        return Hashes.ofSettings(given);
    }
}
