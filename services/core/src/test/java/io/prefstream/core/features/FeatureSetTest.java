package io.prefstream.core.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureSetTest {

    private static final int COLUMNS = FeatureGroup.ENCODER_COLUMNS + LexicalFeatures.NAMES.size();

    @Test
    void everyColumnIsOfOneGroup() {
        Map<FeatureGroup, Integer> columns = new EnumMap<>(FeatureGroup.class);
        for (int column = 0; column < COLUMNS; column++) {
            columns.merge(FeatureGroup.of(column), 1, Integer::sum);
        }

        assertThat(columns)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(FeatureGroup.ENCODER, 384, FeatureGroup.LEXICAL, 25, FeatureGroup.STRUCTURAL, 7));
        assertThatThrownBy(() -> FeatureGroup.of(COLUMNS)).hasMessageContaining("no column 416");
        assertThatThrownBy(() -> FeatureGroup.of(-1)).hasMessageContaining("no column -1");
    }

    @Test
    void readsNamesInAnyOrderAndTellsThemInOne() {
        FeatureSet set = FeatureSet.parse("structural, encoder,structural");

        assertThat(set.groups()).isEqualTo(Set.of(FeatureGroup.ENCODER, FeatureGroup.STRUCTURAL));
        assertThat(set.words()).isEqualTo("encoder,structural");
        assertThat(FeatureSet.parse("structural,lexical,encoder")).isEqualTo(FeatureSet.ALL);
    }

    @Test
    void anotherSetHasAnotherName() {
        assertThat(FeatureSet.ALL.name("mini/1+lexical/1")).isEqualTo("mini/1+lexical/1");
        assertThat(FeatureSet.parse("encoder,lexical").name("mini/1+lexical/1"))
                .isEqualTo("mini/1+lexical/1:encoder,lexical");
    }

    @Test
    void refusesNamesThatItDoesNotKnow() {
        assertThatThrownBy(() -> FeatureSet.parse("encoder,colour"))
                .hasMessage("must be one or more of encoder,lexical,structural");
        assertThatThrownBy(() -> FeatureSet.parse("")).hasMessageContaining("one or more of");
        assertThatThrownBy(() -> new FeatureSet(Set.of())).hasMessageContaining("a group");
    }

    @ParameterizedTest
    @CsvSource({
        "no emoji: only (c) 2024 and #1, 0",
        "\uD83D\uDE00 and \uD83D\uDE00\uD83D\uDE00, 3",
        "thumbs with a skin tone \uD83D\uDC4D\uD83C\uDFFD, 1",
        "a family \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67, 1",
        "two flags \uD83C\uDDE9\uD83C\uDDEA\uD83C\uDDEB\uD83C\uDDF7, 2",
        "a heart as text \u2764 and as emoji \u2764\uFE0F, 1",
        "other scripts \u65E5\u672C\u8A9E \u2014 \u201Cquotes\u201D, 0",
    })
    void countsEmojiAsAReaderSeesThem(String text, int count) {
        assertThat(Emoji.count(text)).isEqualTo(count);
    }
}
