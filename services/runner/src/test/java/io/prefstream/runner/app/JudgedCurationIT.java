package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.TagRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole line with LLM judges, behind an endpoint that knows the sample's answers. */
class JudgedCurationIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CANDIDATE =
            Pattern.compile("<<Candidate ([12]) (\\w+)>>\n(.*?)\n<<end \\2>>", Pattern.DOTALL);
    private static final double BUDGET = 0.05;
    private static final Map<String, String> SETTINGS = Map.of(
            "rounds", "2",
            "seed", "7",
            "decision", "calibrated",
            "gold.min", "30",
            "keep", "0.85",
            "flip", "0.1",
            "judge.model", "sage",
            "judge.price", "0.02,0.02",
            "budget.usd", Double.toString(BUDGET));
    private static final String SCRIBE = "scribe";
    private static final Map<String, String> DESCRIBED = new TreeMap<>(SETTINGS);

    static {
        DESCRIBED.put("tagger.model", SCRIBE);
    }

    private static final String DESCRIPTION =
            "{\"task_category\": \"Reasoning\", \"objectivity\": \"objective\", \"controversiality\": \"low\","
                    + " \"desired_attributes\": \"known by heart\", \"annotation_guideline\": \"Look it up.\"}";

    @TempDir
    private Path folder;

    @Test
    void asksTheSamePairsWithinTheBudgetAtOneAndAtThreePartitionsWhateverTheEndpointStumblesOver() throws Exception {
        Map<String, String> better = better();
        AtomicInteger shown = new AtomicInteger();
        try (FakeLlmServer server = FakeLlmServer.start(question -> {
            if (question.model().equals(SCRIBE)) {
                return question.user().hashCode() % 5 == 0 ? "I'd rather not say." : DESCRIPTION;
            }
            shown.addAndGet(target(question).contains("known by heart") ? 1 : 0);
            return judge(better, question);
        })) {
            server.fail(new FakeLlmServer.Fault(429, "0"));
            server.fail(new FakeLlmServer.Fault(500, null));
            curate("one", 1, server, DESCRIBED);
            int first = server.answered();
            curate("three", 3, server, DESCRIBED);

            Judged one = judged("one");
            assertThat(first).isEqualTo(one.answers()).isGreaterThan(100);
            assertThat(judged("three")).isEqualTo(one);
            assertThat(server.answered()).isEqualTo(2 * first);
            assertThat(one.spent()).isPositive().isLessThanOrEqualTo(BUDGET);
            assertThat(one.askedToDescribe()).hasSizeGreaterThan(one.described().size());
            assertThat(one.askedToDescribe()).containsAll(one.judged());
            assertThat(one.described()).hasSizeGreaterThan(100);
            assertThat(shown.get()).isPositive();
            assertThat(one.worst()).isGreaterThan(BUDGET); // else the test would say nothing
            JsonNode costs =
                    JSON.readTree(out("one").resolve("manifest.json").toFile()).path("costs");
            double accounted = 0;
            for (JsonNode model : List.of(
                    costs.path("tagger").path(SCRIBE),
                    costs.path("stage-1").path("sage"),
                    costs.path("stage-2").path("sage"))) {
                assertThat(model.path("calls").asInt()).isPositive();
                accounted += model.path("usd").asDouble();
            }
            assertThat(accounted).isCloseTo(one.spent(), within(1e-6));
            assertThat(Files.readString(out("one").resolve("report.md")))
                    .contains("## What did it cost?", "forecast from a probe", "really cost");
            assertThat(accounts("three")).isEqualTo(accounts("one")).hasSizeGreaterThan(1);
            assertThat(Files.readString(out("three").resolve("manifest.json")))
                    .isEqualTo(Files.readString(out("one").resolve("manifest.json")));
            assertThat(Files.readString(out("one").resolve("verdicts.jsonl"))).contains("\"judges\":\"chosen\"");
        }
    }

    @Test
    void stopsWhenTheEndpointRefusesForGoodAndLaterAsksOnlyWhatHasNoAnswer() throws Exception {
        Map<String, String> better = better();
        AtomicInteger count = new AtomicInteger();
        try (FakeLlmServer server = FakeLlmServer.start(question -> judge(better, question))) {
            try (FakeLlmServer failing = FakeLlmServer.start(question -> {
                if (count.incrementAndGet() >= 40) {
                    throw new FakeLlmServer.Refusal(new FakeLlmServer.Fault(401, null));
                }
                return judge(better, question);
            })) {
                assertThatThrownBy(() -> curate("stop", 2, failing, SETTINGS))
                        .hasMessageContaining("401")
                        .hasMessageContaining("OPENAI_API_KEY");
            }
            curate("stop", 2, server, SETTINGS);

            assertThat(39 + server.answered()).isEqualTo(judged("stop").answers());

            Map<String, String> poorer = new TreeMap<>(SETTINGS);
            poorer.put("budget.usd", "0.01");
            assertThatThrownBy(() -> curate("stop", 2, server, poorer)).hasMessageContaining("budget.usd = 0.05");
            double spent = judged("stop").spent();
            Map<String, String> richer = new TreeMap<>(SETTINGS);
            richer.put("budget.usd", "0.06");
            curate("stop", 2, server, richer);
            assertThat(judged("stop").spent()).isGreaterThan(spent).isLessThanOrEqualTo(0.06);
            assertThat(accounts("stop")).anyMatch(account -> account.contains("\"why\": \"budget\""));
        }
    }

    /** What the language models did. */
    private record Judged(
            Set<String> votes,
            Set<String> judged,
            Set<String> askedToDescribe,
            Set<String> described,
            int answers,
            double spent,
            double worst) {}

    private Judged judged(String name) {
        Set<String> votes = new TreeSet<>();
        Set<String> judged = new TreeSet<>();
        Set<String> askedToDescribe = new TreeSet<>();
        Set<String> described = new TreeSet<>();
        Set<String> answers = new HashSet<>();
        double[] usd = new double[2];
        try (LocalSystem system = LocalSystem.read(folder.resolve(name));
                TopicReader reader = new TopicReader(
                        system.installation(),
                        system.wire(),
                        List.of(
                                Topics.TAG_REQUESTS,
                                Topics.TAG_ANSWERS,
                                Topics.PAIR_ATTRIBUTES,
                                Topics.JUDGE_VOTES,
                                Topics.JUDGE_ANSWERS,
                                Topics.COSTS))) {
            Map<String, Double> spent = new TreeMap<>();
            Map<String, Double> worst = new TreeMap<>();
            reader.readToEnd((topic, key, value) -> {
                switch (value) {
                    case JudgeVote vote -> {
                        votes.add(vote.getPairId() + " " + vote.getOutcome());
                        judged.add(vote.getPairId());
                    }
                    case TagRequest request -> askedToDescribe.add(request.getPairId());
                    case PairAttributes tags -> {
                        if (tags.getOrigin() == AttributeOrigin.LLM) {
                            described.add(tags.getPairId());
                        }
                    }
                    case LlmAnswer answer ->
                        assertThat(answers.add(answer.getCallId())).isTrue();
                    case Cost cost ->
                        (cost.getState() == CostState.SPENT ? spent : worst).put(cost.getCallId(), cost.getUsd());
                    default -> throw new IllegalStateException(topic);
                }
            });
            usd[0] = spent.values().stream().mapToDouble(d -> d).sum();
            worst.keySet().removeIf(call -> call.startsWith("tag/")); // every pair has such a quote
            usd[1] = worst.values().stream().mapToDouble(d -> d).sum();
        }
        return new Judged(votes, judged, askedToDescribe, described, answers.size(), usd[0], usd[1]);
    }

    private List<String> accounts(String name) {
        try (LocalSystem system = LocalSystem.read(folder.resolve(name))) {
            return PastRuns.of(system).accounts().stream().map(Object::toString).toList();
        }
    }

    private static String target(FakeLlmServer.Question question) {
        return question.user().substring(question.user().lastIndexOf("# The pair to judge"));
    }

    private static String judge(Map<String, String> better, FakeLlmServer.Question question) {
        Map<String, String> texts = new HashMap<>();
        for (Matcher matcher = CANDIDATE.matcher(target(question)); matcher.find(); ) {
            texts.put(matcher.group(3), matcher.group(1));
        }
        String good = better.get(String.join("\u0000", new TreeSet<>(texts.keySet())));
        return "{\"verdict\": \"" + (good == null ? "cannot_tell" : texts.get(good)) + "\", \"reason\": \"known\"}";
    }

    private Map<String, String> better() throws Exception {
        Set<String> wrong = new HashSet<>();
        try (InputStream in = JudgedCurationIT.class.getResourceAsStream("/sample/answers.json")) {
            JSON.readTree(in).path("wrong_labels").forEach(id -> wrong.add(id.asText()));
        }
        Map<String, String> better = new HashMap<>();
        String all = new String(Files.readAllBytes(sample("pairs.jsonl")), StandardCharsets.UTF_8);
        for (String line : all.lines().toList()) {
            JsonNode row;
            try {
                row = JSON.readTree(line);
            } catch (JsonProcessingException malformed) {
                continue; // the sample has such rows on purpose
            }
            String chosen = text(row.path("chosen"));
            String rejected = text(row.path("rejected"));
            better.put(
                    String.join("\u0000", new TreeSet<>(List.of(chosen, rejected))),
                    wrong.contains(row.path("id").asText()) ? rejected : chosen);
        }
        return better;
    }

    private static String text(JsonNode answer) {
        return answer.isArray() && !answer.isEmpty()
                ? answer.get(answer.size() - 1).path("content").asText()
                : answer.asText();
    }

    private void curate(String name, int partitions, FakeLlmServer server, Map<String, String> settings)
            throws Exception {
        Map<String, String> stages = new TreeMap<>(settings);
        stages.put("judge.url", server.url());
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve(name), partitions, new LocalSystem.Ports(0, 0))) {
            system.startStages(stages);
            new Curation(system, message -> {})
                    .run(
                            List.of(sample("pairs.jsonl")),
                            sample("labels.jsonl"),
                            settings,
                            out(name),
                            new Progress(quiet, true));
        }
    }

    private Path out(String name) {
        return folder.resolve(name + "-out");
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = JudgedCurationIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
