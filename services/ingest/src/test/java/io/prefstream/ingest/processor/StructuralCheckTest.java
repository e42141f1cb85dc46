package io.prefstream.ingest.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StructuralCheckTest {

    @Test
    void takesAPairWhoseLastTurnIsAUsersOrATools() {
        assertThat(rule("user", "yes", "no")).isEmpty();
        assertThat(rule("tool", "yes", "no")).isEmpty();
    }

    @Test
    void refusesAMissingOrBlankAnswer() {
        assertThat(rule("user", null, "no")).isEqualTo("empty-answer");
        assertThat(rule("user", "yes", " \n")).isEqualTo("empty-answer");
    }

    @Test
    void refusesIdenticalAnswers() {
        assertThat(rule("user", "yes", "yes")).isEqualTo("identical-answers");
    }

    @Test
    void refusesAPairThatDoesNotAnswerAUser() {
        assertThat(rule("assistant", "yes", "no")).isEqualTo("no-final-user-turn");
    }

    @Test
    void refusesAPairOverTheLimitInBytesOfUtf8() {
        String half = "é".repeat(2 << 20); // 4 MiB

        assertThat(rule("user", half.substring(8), half.substring(9))).isEmpty();
        assertThat(rule("user", half, half.substring(1))).isEqualTo("too-large");
    }

    @Test
    void countsTheFurtherColumnsToo() {
        PairIn row = row("user", "yes", "no");
        row.setExtra(Map.of("category", "x".repeat(9 << 20)));

        assertThat(StructuralCheck.of(row).map(StructuralCheck.Fault::rule)).contains("too-large");
    }

    @Test
    void refusesHalfACharacter() {
        assertThat(rule("user", "yes \ud83d", "no")).isEqualTo("lone-surrogate");
        assertThat(rule("user", "yes \ud83d\ude00", "no")).isEmpty();
    }

    @Test
    void keepsTheReadersOwnRule() {
        PairIn row = row("user", null, null);
        row.setRule("not-json");
        row.setReason("line ends early");

        assertThat(StructuralCheck.of(row)).contains(new StructuralCheck.Fault("not-json", "line ends early"));
    }

    private static String rule(String role, @Nullable String chosen, @Nullable String rejected) {
        return StructuralCheck.of(row(role, chosen, rejected))
                .map(StructuralCheck.Fault::rule)
                .orElse("");
    }

    private static PairIn row(String role, @Nullable String chosen, @Nullable String rejected) {
        return PairIn.newBuilder()
                .setBatch("b")
                .setOrdinal(0)
                .setFile("f")
                .setLine(1)
                .setSourceId(null)
                .setHistory(List.of(new PairInMessage(role, "Is it?")))
                .setChosen(chosen)
                .setRejected(rejected)
                .build();
    }
}
