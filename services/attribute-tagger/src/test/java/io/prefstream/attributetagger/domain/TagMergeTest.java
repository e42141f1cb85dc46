package io.prefstream.attributetagger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.AttributeLimits;
import io.prefstream.core.pair.TaskCategory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TagMergeTest {

    private static final Attributes A = new Attributes(TaskCategory.MATH, true, Dispute.LOW, "Correct, brief", "a");
    private static final Attributes B = new Attributes(TaskCategory.REASONING, true, Dispute.HIGH, "brief, clear", "b");
    private static final Attributes C =
            new Attributes(TaskCategory.REASONING, false, Dispute.MEDIUM, "clear, BRIEF, kind", "c");

    @Test
    void oneGeneratorIsTakenAtItsWord() {
        assertThat(TagMerge.of(List.of(A))).isEqualTo(A);
    }

    @Test
    void theMajorityDecidesAndTheGuidelineIsOfTheNearest() {
        Attributes merged = TagMerge.of(List.of(A, B, C));

        assertThat(merged.category()).isEqualTo(TaskCategory.REASONING);
        assertThat(merged.objective()).isTrue();
        assertThat(merged.dispute()).isEqualTo(Dispute.MEDIUM);
        assertThat(merged.guideline()).isEqualTo("b");
    }

    @Test
    void whereVotesAreEvenTheEarlierGeneratorDecides() {
        assertThat(TagMerge.of(List.of(A, C)).category()).isEqualTo(TaskCategory.MATH);
        assertThat(TagMerge.of(List.of(C, A)).category()).isEqualTo(TaskCategory.REASONING);
        assertThat(TagMerge.of(List.of(A, B)).dispute()).isEqualTo(Dispute.HIGH);
    }

    @Test
    void whatMostDesireComesFirstWhateverItsCase() {
        assertThat(TagMerge.of(List.of(A, B, C)).desired()).isEqualTo("brief, clear, Correct, kind");
    }

    @Test
    void staysWithinTheLimits() {
        List<Attributes> many = IntStream.range(0, 5)
                .mapToObj(i -> new Attributes(
                        TaskCategory.MATH, true, Dispute.LOW, ("x" + i).repeat(45) + ", short " + i, "g"))
                .toList();

        assertThat(TagMerge.of(many).desired()).hasSizeLessThanOrEqualTo(AttributeLimits.DESIRED);
    }
}
