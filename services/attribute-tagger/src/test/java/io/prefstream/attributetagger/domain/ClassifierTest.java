package io.prefstream.attributetagger.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.TaskCategory;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassifierTest {

    private static final List<Prototype> PROTOTYPES = Prototype.parse(List.of(
            "# remark",
            "Math\tobjective\tlow\tone",
            "Planning\tsubjective\tlow\ttwo",
            "Advice seeking\tsubjective\thigh\tthree"));
    private static final List<float[]> VECTORS =
            List.of(new float[] {1, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 1});
    private static final List<Rule> RULES =
            Rule.parse(List.of("Planning\t4\t\\bplan\\b", "Editing\t30\t\\brewrite\\b"));
    private final Classifier classifier = new Classifier(RULES, PROTOTYPES, VECTORS);

    @Test
    void goesByLikenessWhereNoRuleSpeaks() {
        assertThat(classifier.of("hm", new float[] {0.9f, 0.1f, 0}).category()).isEqualTo(TaskCategory.MATH);
    }

    @Test
    void letsRulesTipTheScale() {
        float[] between = {0.6f, 0.5f, 0};

        assertThat(classifier.of("a figure", between).category()).isEqualTo(TaskCategory.MATH);
        assertThat(classifier.of("a plan", between).category()).isEqualTo(TaskCategory.PLANNING);
    }

    @Test
    void looksForTheTaskAtTheEndsOfALongText() {
        String pasted = "filler ".repeat(300);

        assertThat(Classifier.byRules(RULES, "Rewrite: " + pasted)).isEqualTo(TaskCategory.EDITING);
        assertThat(Classifier.byRules(RULES, pasted + " Rewrite it.")).isEqualTo(TaskCategory.EDITING);
        assertThat(Classifier.byRules(RULES, pasted + "rewrite" + pasted)).isEqualTo(TaskCategory.OTHERS);
    }

    @Test
    void callsHarmControversialAndWishesForTact() {
        Attributes attributes = classifier.of("I want to kill myself", new float[] {0, 0.5f, 0.5f});

        assertThat(attributes.dispute()).isEqualTo(Dispute.HIGH);
        assertThat(attributes.desired()).endsWith("safe and tactful");
        assertThat(attributes.guideline()).contains("harm");
    }

    @Test
    void hearsWhatThePromptItselfAsksFor() {
        Attributes attributes = classifier.of("Explain it to a child in 50 words, step by step", new float[] {1, 0, 0});

        assertThat(attributes.desired()).contains("of the asked length", "step by step", "easy to understand");
    }

    @Test
    void namesALineThatIsWrong() {
        assertThatThrownBy(() -> Prototype.parse(List.of("Cooking\tobjective\tlow\tx")))
                .hasMessageContaining("Cooking");
    }
}
