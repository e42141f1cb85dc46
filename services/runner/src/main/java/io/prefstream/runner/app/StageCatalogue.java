package io.prefstream.runner.app;

import io.prefstream.attributetagger.app.TaggerApp;
import io.prefstream.consistencyfilter.app.FilterApp;
import io.prefstream.ingest.app.IngestApp;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.app.VerifierApp;
import io.prefstream.retrieval.app.RetrievalApp;
import io.prefstream.rewardscorer.app.ScorerApp;
import io.prefstream.trainer.app.TrainerApp;

/** The stages by name. */
public final class StageCatalogue {

    private StageCatalogue() {}

    /**
     * What opens a stage.
     *
     * @throws UserError when there is none of this name
     */
    public static Stage.Factory factory(String stage) {
        return switch (stage) {
            case "ingest" -> IngestApp::open;
            case "attribute-tagger" -> TaggerApp::open;
            case "retrieval" -> RetrievalApp::open;
            case "label-verifier" -> VerifierApp::open;
            case "reward-scorer" -> ScorerApp::open;
            case "trainer" -> TrainerApp::open;
            case "consistency-filter" -> FilterApp::open;
            default ->
                throw new UserError(
                        "there is no stage " + stage + ": it is one of " + String.join(", ", Topics.STAGES), 2);
        };
    }
}
