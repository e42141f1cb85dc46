package io.prefstream.attributetagger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.AttributeLimits;
import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.TaskCategory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagAnswerTest {

    private static final String GOOD = """
            {"task_category": "math", "objectivity": "Objective", "controversiality": "low",
             "desired_attributes": "right\\nresult", "annotation_guideline": "Check the sum."}""";

    @Test
    void readsTheFiveAttributes() {
        assertThat(TagAnswer.parse(GOOD))
                .contains(new Attributes(TaskCategory.MATH, true, Dispute.LOW, "right result", "Check the sum."));
    }

    @Test
    void readsTheLastObjectAndNotWhatIsThoughtAloud() {
        String answer = "<think>" + GOOD.replace("math", "Planning") + "</think>Here it is:\n```json\n"
                + GOOD.replace("math", "Editing") + "\n" + GOOD + "\n```";

        assertThat(TagAnswer.parse(answer)).map(Attributes::category).contains(TaskCategory.MATH);
    }

    @Test
    void takesAListOfDesiredAttributes() {
        assertThat(TagAnswer.parse(GOOD.replace("\"right\\nresult\"", "[\"right\", \"short\"]")))
                .map(Attributes::desired)
                .contains("right, short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "I can't help with that.",
                "{\"task_category\": \"Math\"}",
                "{\"task_category\": \"Cooking\", \"objectivity\": \"objective\", \"controversiality\": \"low\","
                        + " \"desired_attributes\": \"a\", \"annotation_guideline\": \"b\"}",
                "{\"task_category\": \"Math\", \"objectivity\": \"mixed\", \"controversiality\": \"low\","
                        + " \"desired_attributes\": \"a\", \"annotation_guideline\": \"b\"}",
                "{\"task_category\": \"Math\", \"objectivity\": \"objective\", \"controversiality\": \"none\","
                        + " \"desired_attributes\": \"a\", \"annotation_guideline\": \"b\"}",
                "{\"task_category\": \"Math\", \"objectivity\": \"objective\", \"controversiality\": \"low\","
                        + " \"desired_attributes\": \" \", \"annotation_guideline\": \"b\"}",
                "{\"task_category\": \"Math\", \"objectivity\": \"objective\", \"controversiality\": \"low\","
                        + " \"desired_attributes\": \"a\", \"annotation_guideline\""
            })
    void takesNothingThatIsNotWholeAndKnown(String answer) {
        assertThat(TagAnswer.parse(answer)).isEmpty();
    }

    @Test
    void keepsWithinTheSizesThatPricesAreReckonedWith() {
        String long3Bytes = "\u20ac".repeat(5000);
        Attributes attributes = TagAnswer.parse(
                        GOOD.replace("right\\nresult", long3Bytes).replace("Check the sum.", long3Bytes))
                .orElseThrow();

        int bytes = (attributes.category().label() + attributes.desired() + attributes.guideline())
                .getBytes(StandardCharsets.UTF_8)
                .length;
        assertThat(attributes.desired()).hasSize(AttributeLimits.DESIRED);
        assertThat(bytes).isLessThanOrEqualTo(AttributeLimits.BYTES);
    }

    @Test
    void asksWithBothAnswersAbridgedAndTheTaskAtItsEnds() {
        String id = TagPrompt.callId("p", "m");
        String pasted = "Shorten: " + "\ud83d\ude00".repeat(9000) + " In ten words.";
        String question = TagPrompt.user("p", List.of(new Message("user", pasted)), "yes".repeat(3000), "no", id);

        assertThat(question)
                .hasSizeLessThan(10_000)
                .contains("Shorten:", "In ten words.", "Candidate 1", "Candidate 2", "[...]");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(question)).isTrue();
        assertThat(TagPrompt.callId("p", "other")).isNotEqualTo(id);
    }

    @Test
    void showsTheAnswersInAnOrderThatSaysNothingOfTheLabel() {
        long chosenFirst = java.util.stream.IntStream.range(0, 400)
                .filter(i -> {
                    String question = TagPrompt.user(
                            "pair-" + i, List.of(new Message("user", "?")), "CHOSEN", "REJECTED", "0".repeat(64));
                    return question.indexOf("CHOSEN") < question.indexOf("REJECTED");
                })
                .count();

        assertThat(chosenFirst).isBetween(150L, 250L);
    }
}
