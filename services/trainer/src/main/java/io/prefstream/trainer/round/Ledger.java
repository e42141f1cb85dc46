package io.prefstream.trainer.round;

import io.prefstream.core.plan.Allowance;
import io.prefstream.trainer.client.Books;
import io.prefstream.wire.Cost;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.LabelRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the folder's runs have paid, by stage and model. */
final class Ledger {

    /** Stages that cost money, in the order in which they come. */
    private enum Stage {
        PEOPLE(1, "people"),
        TAGGER(2, "tagger"),
        STAGE_ONE(3, "stage-1"),
        STAGE_TWO(4, "stage-2");

        private final int place;
        private final String wireName;

        Stage(int place, String wireName) {
            this.place = place;
            this.wireName = wireName;
        }
    }

    /** What one stage paid to one model. */
    private static final class Line {
        private long nanos;
        private long calls;
        private long pairs;
        private long inputTokens;
        private long outputTokens;
    }

    private final Map<Stage, Map<String, Line>> lines = new TreeMap<>();

    private Ledger() {}

    static Ledger of(RunFacts run) {
        Ledger ledger = new Ledger();
        Books books = run.facts().books();
        if (books.paidLabels() > 0) {
            Line people = ledger.line(Stage.PEOPLE, "people");
            people.nanos = books.onPeople();
            people.calls = books.paidLabels();
            people.pairs = run.facts().gold().size();
        }
        for (Cost cost : books.described()) {
            Line line = ledger.line(Stage.TAGGER, cost.getJudge());
            line.nanos += Allowance.nanos(cost.getUsd());
            line.calls++;
            line.pairs++;
            line.inputTokens += cost.getInputTokens();
            line.outputTokens += cost.getOutputTokens();
        }
        for (JudgeVote vote : run.facts().votes()) {
            List<String> calls = vote.getProvenance().getInputs();
            if (vote.getModel() != null && !calls.isEmpty()) {
                Line line = ledger.line(stage(run, vote.getPairId()), vote.getJudge());
                line.nanos += nanos(vote);
                line.calls += calls.size();
                line.pairs++;
                line.inputTokens += vote.getInputTokens();
                line.outputTokens += vote.getOutputTokens();
            }
        }
        return ledger;
    }

    /** Nano-dollars that a vote cost. */
    static long nanos(JudgeVote vote) {
        Double usd = vote.getProvenance().getCostUsd();
        return usd == null ? 0 : Allowance.nanos(usd);
    }

    private Line line(Stage stage, String model) {
        return lines.computeIfAbsent(stage, s -> new TreeMap<>()).computeIfAbsent(model, m -> new Line());
    }

    private static Stage stage(RunFacts run, String pairId) {
        List<LabelRequest> requests = run.facts().requests().getOrDefault(pairId, List.of());
        boolean two = requests.reversed().stream()
                .filter(request -> request.getStrategy().equals(StepRecords.ADMITTED))
                .findFirst()
                .map(last -> last.getProvenance().getInputs().stream().anyMatch(input -> input.contains("/ask-")))
                .orElse(false);
        return two ? Stage.STAGE_TWO : Stage.STAGE_ONE;
    }

    long nanos() {
        return all().mapToLong(line -> line.nanos).sum();
    }

    /** Calls of language models, which people's labels are not. */
    long calls() {
        return lines.entrySet().stream()
                .filter(stage -> stage.getKey() != Stage.PEOPLE)
                .flatMap(stage -> stage.getValue().values().stream())
                .mapToLong(line -> line.calls)
                .sum();
    }

    private Stream<Line> all() {
        return lines.values().stream().flatMap(models -> models.values().stream());
    }

    /** Tells each figure under {@code cost/<stage>/<model>/}, and the lines as answers; nothing when nobody was paid or called. */
    void tell(Map<String, String> told) {
        lines.forEach((stage, models) -> models.forEach((model, line) -> {
            String key = "cost/" + stage.wireName + "/" + model + "/";
            told.put(key + "usd", String.format(Locale.ROOT, "%.9f", Allowance.usd(line.nanos)));
            told.put(key + "calls", Long.toString(line.calls));
            told.put(key + "pairs", Long.toString(line.pairs));
            told.put(key + "input-tokens", Long.toString(line.inputTokens));
            told.put(key + "output-tokens", Long.toString(line.outputTokens));
            Answers.cost(told, stage.place, name(stage, model), words(stage, line));
        }));
        if (!lines.isEmpty()) {
            Answers.cost(told, Stage.values().length + 1, "in all", Answers.dollars(Allowance.usd(nanos())));
        }
    }

    private static String name(Stage stage, String model) {
        return switch (stage) {
            case PEOPLE -> "people";
            case TAGGER -> "describing, " + model;
            case STAGE_ONE -> "judging in Stage 1, " + model;
            case STAGE_TWO -> "judging in Stage 2, " + model;
        };
    }

    private static String words(Stage stage, Line line) {
        String usd = Answers.dollars(Allowance.usd(line.nanos));
        return stage == Stage.PEOPLE
                ? String.format(Locale.ROOT, "%s for %d labels of %d pairs", usd, line.calls, line.pairs)
                : String.format(
                        Locale.ROOT,
                        "%s for %d pairs in %d calls, %d tokens read and %d written",
                        usd,
                        line.pairs,
                        line.calls,
                        line.inputTokens,
                        line.outputTokens);
    }
}
