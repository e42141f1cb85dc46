package io.prefstream.ingest.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.ConversationAnswer;
import io.prefstream.wire.ConversationMessage;
import io.prefstream.wire.PairIn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExtractionTest {

    private static final String ASKED = "{'role':'user','content':'Q'}";

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of("nothing was said of it", "{'role':'assistant','content':'A'}", List.of()),
                Arguments.of(
                        "a regenerated answer was kept",
                        "{'role':'assistant','content':'C','regenerations':['A','B']}",
                        List.of("1 regeneration C>A", "1 regeneration C>B")),
                Arguments.of(
                        "an answer was edited",
                        "{'role':'assistant','content':'B','original':'A'}",
                        List.of("1 edit B>A")),
                Arguments.of(
                        "thumbs go against what was kept",
                        "{'role':'assistant','content':'B','feedback':'down',"
                                + "'regenerations':[{'content':'A','feedback':'up'}]}",
                        List.of("1 thumbs A>B")),
                Arguments.of(
                        "equal ratings stand above what was kept",
                        "{'role':'assistant','content':'B','rating':3,'regenerations':[{'content':'A','rating':3.0}]}",
                        List.of()),
                Arguments.of(
                        "a choice at a turn, and the talk went on",
                        "{'role':'assistant','content':'B','candidates':['A','B'],'choice':1}," + ASKED,
                        List.of("1 choice B>A")),
                Arguments.of(
                        "a choice for the last turn",
                        "],'candidates':['A','B','C'],'choice':2,'at':'2026-01-31T10:00:00Z','x':[",
                        List.of("1 choice C>A", "1 choice C>B")),
                Arguments.of(
                        "a ranking with a tie",
                        "],'candidates':['A','B','C'],'ranking':[2,1,2],'x':[",
                        List.of("1 ranking B>A", "1 ranking B>C")),
                Arguments.of(
                        "ratings beside the candidates",
                        "],'candidates':['A','B','C'],'ratings':[1,5,5],'x':[",
                        List.of("1 rating B>A", "1 rating C>A")),
                Arguments.of(
                        "thumbs on candidates",
                        "],'candidates':[{'content':'A','feedback':'down'},{'content':'B','feedback':'up'},'C'],'x':[",
                        List.of("1 thumbs B>A")),
                Arguments.of(
                        "a candidate stands beside the answer that was kept",
                        "{'role':'assistant','content':'B'}],'candidates':['A','B'],'choice':0,'x':[",
                        List.of("1 choice A>B")),
                Arguments.of(
                        "two turns",
                        "{'role':'assistant','content':'B','original':'A'}," + ASKED
                                + ",{'role':'assistant','content':[{'type':'text','text':'D'}],'regenerations':['C']}",
                        List.of("1 edit B>A", "2 regeneration D>C")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void findsPairs(String what, String rest, List<String> pairs) throws Exception {
        String separator = rest.startsWith("]") ? "" : ",";
        Conversation conversation = read("{'id':'c','messages':[" + ASKED + separator + rest + "]}");

        assertThat(new Extraction(ExtractionRules.ALL).of(conversation).stream().map(ExtractionTest::shown))
                .containsExactlyInAnyOrderElementsOf(pairs);
    }

    @ParameterizedTest
    @CsvSource({"all,6", "adjacent,4", "best-worst,1"})
    void takesWhatTheSettingSaysOfARanking(String how, int pairs) throws Exception {
        // Standings 4 > 3 = 2 > 1: two steps with two answers in the middle.
        Conversation conversation =
                read("{'id':'c','messages':[" + ASKED + "],'candidates':['A','B','C','D'],'ranking':[1,2,2,3]}");

        var found = new Extraction(ExtractionRules.of(null, how)).of(conversation);

        assertThat(found).hasSize(how.equals("all") ? pairs - 1 : pairs);
    }

    @Test
    void aRuleThatIsSwitchedOffIsSilent() throws Exception {
        Conversation conversation = read("{'id':'c','messages':[" + ASKED
                + ",{'role':'assistant','content':'B','original':'A','regenerations':['C']}]}");

        assertThat(new Extraction(ExtractionRules.of("edit", null))
                        .of(conversation).stream().map(ExtractionTest::shown))
                .containsExactly("1 edit B>A");
        assertThatThrownBy(() -> ExtractionRules.of("edits", null)).hasMessageContaining("edits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':[]}|id",
                "{'id':'c','messages':[]}|messages",
                "{'id':'c','messages':[{'role':'user','content':'Q','rating':1}]}|messages[0]",
                "{'id':'c','messages':[{'role':'poet','content':'Q'}]}|messages[0].role",
                "{'id':'c','messages':[{'role':'user','content':'Q'}],'candidates':['A','B'],'choice':2}|choice",
                "{'id':'c','messages':[{'role':'user','content':'Q'}],'candidates':['A','B'],'ranking':[1]}|ranking",
                "{'id':'c','messages':[{'role':'user','content':'Q'}],'candidates':['A','B'],'ratings':[1]}|ratings",
                "{'id':'c','messages':[{'role':'assistant','content':'A','feedback':'meh'}]}|messages[0].feedback",
                "{'id':'c','messages':[{'role':'user','content':'Q'}],'at':'yesterday'}|at"
            })
    void refusesNamingTheField(String row, String field) {
        assertThatThrownBy(() -> read(row))
                .isInstanceOfSatisfying(
                        RowFault.class, fault -> assertThat(fault.field()).isEqualTo(field));
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverPairsEqualsNorTwiceAndNamesRuleAndTurn(long seed) {
        Conversation conversation = random(new Random(seed));
        Set<String> met = new HashSet<>();
        List<PairIn> rows = new ArrayList<>();
        for (Extraction.Preference pair : new Extraction(rules(new Random(~seed))).of(conversation)) {
            if (pair.chosenRating() != null) {
                assertThat(pair.chosenRating()).isNotEqualTo(pair.rejectedRating());
            }
            String a = pair.chosen();
            String b = pair.rejected();
            assertThat(a).isNotEqualTo(b);
            assertThat(met.add(pair.turn() + (a.compareTo(b) < 0 ? a + b : b + a)))
                    .isTrue();
            rows.add(LiveRows.of(conversation, pair));
        }
        for (PairIn row : rows) {
            assertThat(row.getExtra()).containsKeys("conversation", "turn", "pair_rule");
            assertThat(row.getSourceId())
                    .startsWith("c/" + row.getExtra().get("turn") + "/"
                            + row.getExtra().get("pair_rule"));
        }
        assertThat(rows.stream().map(PairIn::getOrdinal)).doesNotHaveDuplicates();
        conversation.getMessages().add(message("user", "And then?", new Random(1)));
        assertThat(numbers(conversation, seed))
                .containsAll(rows.stream().map(PairIn::getOrdinal).toList());
    }

    private static List<Long> numbers(Conversation grown, long seed) {
        return new Extraction(rules(new Random(~seed)))
                .of(grown).stream()
                        .map(pair -> LiveRows.of(grown, pair).getOrdinal())
                        .toList();
    }

    private static ExtractionRules rules(Random dice) {
        EnumSet<PairRule> some = EnumSet.noneOf(PairRule.class);
        for (PairRule rule : PairRule.values()) {
            if (dice.nextInt(4) > 0) {
                some.add(rule);
            }
        }
        return new ExtractionRules(
                some,
                List.of(Rankings.ALL, Rankings.ADJACENT, Rankings.BEST_WORST).get(dice.nextInt(3)));
    }

    private static Conversation random(Random dice) {
        List<ConversationMessage> messages = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            messages.add(message("user", "Q" + turn, dice));
            messages.add(message("assistant", text(dice), dice));
        }
        return Conversation.newBuilder()
                .setConversationId("c")
                .setMessages(messages)
                .build();
    }

    private static ConversationMessage message(String role, String content, Random dice) {
        ConversationMessage.Builder message =
                ConversationMessage.newBuilder().setRole(role).setContent(content);
        if (role.equals("assistant")) {
            List<ConversationAnswer> candidates = answers(dice);
            message.setFeedback(vote(dice))
                    .setRating(rating(dice))
                    .setOriginal(dice.nextBoolean() ? text(dice) : null)
                    .setRegenerations(answers(dice))
                    .setCandidates(candidates)
                    .setChoice(candidates.isEmpty() || dice.nextBoolean() ? null : dice.nextInt(candidates.size()))
                    .setRanking(
                            dice.nextBoolean()
                                    ? List.of()
                                    : candidates.stream()
                                            .map(a -> dice.nextInt(3))
                                            .toList());
        }
        return message.build();
    }

    private static List<ConversationAnswer> answers(Random dice) {
        List<ConversationAnswer> answers = new ArrayList<>();
        for (int n = dice.nextInt(4); n > 0; n--) {
            answers.add(new ConversationAnswer(text(dice), vote(dice), rating(dice)));
        }
        return answers;
    }

    private static String text(Random dice) {
        return Character.toString('a' + dice.nextInt(8));
    }

    private static @Nullable String vote(Random dice) {
        return switch (dice.nextInt(3)) {
            case 0 -> "up";
            case 1 -> "down";
            default -> null;
        };
    }

    private static @Nullable Double rating(Random dice) {
        return dice.nextBoolean() ? null : Double.valueOf(dice.nextInt(4));
    }

    private static String shown(Extraction.Preference pair) {
        return pair.turn() + " " + pair.rule().id() + " " + pair.chosen() + ">" + pair.rejected();
    }

    private static Conversation read(String row) throws Exception {
        Map<?, ?> map = new ObjectMapper().readValue(row.replace('\'', '"'), Map.class);
        Map<String, @Nullable Object> fields = new HashMap<>();
        map.forEach((key, value) -> fields.put((String) key, value));
        return LogConversation.of("log.jsonl", 1, fields);
    }
}
