package io.prefstream.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.pair.TaskCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {

    @ParameterizedTest
    @EnumSource
    void guidesInEveryTaskCategory(TaskCategory category) {
        assertThat(Protocol.guidance(category.label(), "", ""))
                .startsWith("Task category: " + category.label())
                .hasLineCount(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"low", "medium", "high"})
    void guidesByControversialityAndObjectivity(String controversiality) {
        assertThat(Protocol.guidance("Math", "objective", controversiality))
                .contains("Task category: Math", "Objectivity: objective", "Controversiality: " + controversiality)
                .doesNotContain("Objectivity: subjective");
    }

    @Test
    void leavesOutWhatItDoesNotKnow() {
        assertThat(Protocol.guidance("Cooking", "unknown", "unknown")).isEmpty();
    }

    @Test
    void givesToolsToPeopleOnly() {
        assertThat(Protocol.forPeople()).contains("## Tools", "Search the web");
        assertThat(Protocol.principles() + Protocol.guidance("Math", "objective", "low"))
                .doesNotContain("Search the web", "language model about a claim");
    }

    @Test
    void principlesAreTheSamePeopleRead() {
        assertThat(Protocol.forPeople()).contains(Protocol.principles());
    }
}
