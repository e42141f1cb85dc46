package io.prefstream.attributetagger.domain;

import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.TaskCategory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Classifies a prompt by rules that vote and by the prototypes that are most like it. Deterministic: sums run in a fixed
 * order, and of equals the first category wins. Thread-safe.
 */
public final class Classifier {

    /** Revision of rules, prototypes and fusion. */
    public static final String REVISION = "rules-2+prototypes-1";

    private static final double A_VOTE = 0.05; // of cosine, for each unit of a rule's weight
    private static final double OBJECTIVE_KIND = 0.06;
    private static final int NEAREST = 5;
    private static final int NEAREST_DISPUTED = 3;
    private static final int HEAD = 300;
    private static final int TAIL = 120;
    private static final Pattern HARM = Pattern.compile(
            "\\b(kill(ing)? (my|him|her|them|some|people|a person|myself)|murder|suicid\\w*|hurt(ing)? myself"
                    + "|cut(ting)? myself|bombs?|explosives?|racis\\w*|rape|porn\\w*|genocide|terroris\\w*|slurs?"
                    + "|stolen|steal|hit ?man|torture|poison gas|abortion|euthanasia|death penalty)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DISPUTED = Pattern.compile(
            "\\b(religio\\w*|muslims?|christians?|jews?|god|gay|lesbian|trans(gender)?|immigra\\w*|guns?|firearms?"
                    + "|politic\\w*|president|election|drugs?|weed|marijuana|cannabis|war crimes?|vaccin\\w* mandate"
                    + "|vot(e|ing) .*compulsory|universal basic income|feminis\\w*|capitalism|communism|climate change"
                    + "|animal testing|cheat(ing|ed)? on)\\b",
            Pattern.CASE_INSENSITIVE);

    private final List<Rule> rules;
    private final List<Prototype> prototypes;
    private final List<float[]> vectors;

    /**
     * A classifier.
     *
     * @param vectors unit vectors of the prototypes' prompts, in their order
     */
    public Classifier(List<Rule> rules, List<Prototype> prototypes, List<float[]> vectors) {
        if (prototypes.size() != vectors.size()) {
            throw new IllegalArgumentException(vectors.size() + " vectors of " + prototypes.size() + " prototypes");
        }
        this.rules = rules;
        this.prototypes = prototypes;
        this.vectors = vectors;
    }

    /** The attributes of a prompt whose unit vector is {@code vector}. */
    public Attributes of(String prompt, float[] vector) {
        double[] alike = vectors.stream().mapToDouble(v -> dot(v, vector)).toArray();
        Map<TaskCategory, Integer> votes = votes(rules, prompt);
        TaskCategory category = TaskCategory.OTHERS;
        double best = Double.NEGATIVE_INFINITY;
        for (TaskCategory one : TaskCategory.values()) {
            double score = nearest(alike, NEAREST, p -> p.category() == one) + A_VOTE * votes.getOrDefault(one, 0);
            if (score > best) {
                best = score;
                category = one;
            }
        }
        boolean objective = nearest(alike, NEAREST, Prototype::objective)
                        - nearest(alike, NEAREST, p -> !p.objective())
                        + lean(category)
                > 0;
        return Wishes.with(category, objective, dispute(alike, category, prompt), prompt);
    }

    /** What the rules alone say: the category with most votes, and Others without any. */
    public static TaskCategory byRules(List<Rule> rules, String prompt) {
        return votes(rules, prompt).entrySet().stream()
                .max(Map.Entry.<TaskCategory, Integer>comparingByValue()
                        .thenComparing(Map.Entry.<TaskCategory, Integer>comparingByKey()
                                .reversed()))
                .map(Map.Entry::getKey)
                .orElse(TaskCategory.OTHERS);
    }

    private static Map<TaskCategory, Integer> votes(List<Rule> rules, String prompt) {
        String text = ends(prompt);
        Map<TaskCategory, Integer> votes = new EnumMap<>(TaskCategory.class);
        for (Rule rule : rules) {
            if (rule.pattern().matcher(text).find()) {
                votes.merge(rule.category(), rule.weight(), Integer::sum);
            }
        }
        return votes;
    }

    /** Where the task is told; what is pasted between would vote for its own subject. */
    private static String ends(String prompt) {
        String text = prompt.strip();
        return text.length() <= HEAD + TAIL
                ? text
                : text.substring(0, HEAD) + "\n" + text.substring(text.length() - TAIL);
    }

    private static double lean(TaskCategory category) {
        return switch (category) {
            case INFORMATION_SEEKING, REASONING, CODING, MATH, DATA_ANALYSIS -> OBJECTIVE_KIND;
            case EDITING, OTHERS -> 0;
            default -> -OBJECTIVE_KIND;
        };
    }

    private Dispute dispute(double[] alike, TaskCategory category, String prompt) {
        Dispute likely = Dispute.LOW;
        double best = Double.NEGATIVE_INFINITY;
        for (Dispute one : Dispute.values()) {
            double score = nearest(alike, NEAREST_DISPUTED, p -> p.dispute() == one);
            if (score > best) {
                best = score;
                likely = one;
            }
        }
        if (category == TaskCategory.CODING || category == TaskCategory.MATH) {
            return likely; // code kills processes, and sums have victims of no kind
        }
        String text = ends(prompt);
        if (HARM.matcher(text).find()) {
            return Dispute.HIGH;
        }
        return likely == Dispute.LOW && DISPUTED.matcher(text).find() ? Dispute.MEDIUM : likely;
    }

    /** Mean likeness of the {@code k} prototypes of a kind that are most alike. */
    private double nearest(double[] alike, int k, Predicate<Prototype> kind) {
        double[] some = new double[prototypes.size()];
        int n = 0;
        for (int i = 0; i < alike.length; i++) {
            if (kind.test(prototypes.get(i))) {
                some[n++] = alike[i];
            }
        }
        Arrays.sort(some, 0, n);
        double sum = 0;
        for (int i = Math.max(0, n - k); i < n; i++) {
            sum += some[i];
        }
        return n == 0 ? -1 : sum / Math.min(k, n);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
