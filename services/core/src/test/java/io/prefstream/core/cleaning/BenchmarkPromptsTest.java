package io.prefstream.core.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BenchmarkPromptsTest {

    private final BenchmarkPrompts prompts = new BenchmarkPrompts();

    @Test
    void wordsAreRunsOfTwoOrMoreWordCharactersInLowerCase() {
        assertThat(Words.of("It's a B-52, näive_x; 7 of 12 \uD835\uDD38\uD835\uDD39!"))
                .containsExactly(
                        "it",
                        "52",
                        "näive_x",
                        "of",
                        "12",
                        "\uD835\uDD38\uD835\uDD39".toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void findsEveryPlantedGramAndNothingElse() {
        Random random = new Random(3);
        List<List<String>> benchmark = new ArrayList<>();
        for (int item = 0; item < 50; item++) {
            benchmark.add(words(random, 13 + random.nextInt(30)));
            prompts.add("b", "item-" + item, String.join(" ", benchmark.get(item)));
        }
        for (int trial = 0; trial < 500; trial++) {
            int item = random.nextInt(benchmark.size());
            List<String> prompt = benchmark.get(item);
            int from = random.nextInt(prompt.size() - 12);
            List<String> text = words(random, random.nextInt(20));
            text.addAll(prompt.subList(from, from + 13));
            List<String> broken = new ArrayList<>(text);
            broken.set(broken.size() - 1 - random.nextInt(13), "changed");
            text.addAll(words(random, random.nextInt(20)));

            BenchmarkPrompts.Hit hit = prompts.find(List.of(), String.join(", ", text), "no");

            assertThat(hit).isNotNull();
            assertThat(hit.item()).isEqualTo("item-" + item);
            assertThat(hit.shared().split(" ", -1)).hasSize(13);
            assertThat(find(String.join(" ", broken))).isNull();
        }
    }

    @Test
    void aGramDoesNotReachOverTwoTexts() {
        prompts.add("b", "1", "one1 two2 three3 four4 five5 six6 seven7 eight8 nine9 ten10 ele11 twe12 thi13");

        assertThat(prompts.find(
                        List.of(new Message("user", "one1 two2 three3 four4 five5 six6 seven7")),
                        "eight8 nine9 ten10 ele11 twe12 thi13",
                        "x"))
                .isNull();
    }

    @Test
    void aPromptOfFewWordsMustBeAWholeTurnAndOneOfTwoIsNoPrompt() {
        prompts.add("b", "1", "What is Gremolata?");
        prompts.add("b", "2", "Hello there");

        assertThat(find("what IS gremolata")).isNotNull();
        assertThat(find("So, what is gremolata?")).isNull();
        assertThat(find("hello there")).isNull();
        assertThat(prompts.find(List.of(), "What is Gremolata?", "x")).isNull();
    }

    private BenchmarkPrompts.@Nullable Hit find(String turn) {
        return prompts.find(List.of(new Message("user", turn)), "a", "b");
    }

    private static List<String> words(Random random, int n) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            words.add(Integer.toString(1300 + random.nextInt(1_000_000), 36));
        }
        return words;
    }
}
