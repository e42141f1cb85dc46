package io.prefstream.attributetagger.domain;

import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.TaskCategory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Says what a good answer has, and how answers are to be judged: by the category, and by what the prompt itself asks for. */
final class Wishes {

    private record Wish(Pattern pattern, String desired, String guideline) {}

    private static final List<Wish> WISHES = List.of(
            wish(
                    "\\b(\\d+|one|two|three|four|five|six|eight|ten)[- ](words?|sentences?|lines?|paragraphs?|pages?|verses?)\\b"
                            + "|\\bat most \\d+|\\bunder \\d+|\\bno more than \\d+",
                    "of the asked length",
                    "An answer that misses the asked length loses against one that keeps it."),
            wish(
                    "\\b(json|csv|xml|yaml|markdown|table|bullet points?|columns?|checklist)\\b",
                    "in the asked format",
                    "The asked format counts: see whether each answer has it."),
            wish("\\bstep[- ]by[- ]step\\b", "step by step", "Each step must be there and follow from the one before."),
            wish(
                    "\\b(for|to|like) (a |an |my )?(\\d[- ]year[- ]old|child(ren)?|kids?|beginners?|five)\\b|\\b(simple|plain|layman'?s) (words|terms|language)\\b",
                    "easy to understand",
                    "Words and examples must suit a reader who knows nothing of it."),
            wish(
                    "\\b(brief(ly)?|concise(ly)?|short answer|in short|no commentary)\\b",
                    "short",
                    "Whatever goes beyond the question counts against an answer."),
            wish("\\b(funny|humou?r(ous)?|witty|joke)\\b", "funny", "It should make one smile."),
            wish(
                    "\\b(formal(ly)?|polite(ly)?|professional(ly)?|diplomatic(ally)?)\\b",
                    "polite in tone",
                    "The tone counts as much as the content."),
            wish(
                    "\\b(sources?|cite|citations?|references)\\b",
                    "with sources",
                    "Sources must be real and to the point."));

    private Wishes() {}

    /** The attributes, with what is desired and the guideline. */
    static Attributes with(TaskCategory category, boolean objective, Dispute dispute, String prompt) {
        List<String> desired = new ArrayList<>(List.of(desired(category)));
        StringBuilder guideline = new StringBuilder(guideline(category));
        guideline.append(
                objective
                        ? " Check the facts first: a wrong answer loses, however well it reads."
                        : " There is no one right answer: weigh substance over length and polish.");
        for (Wish wish : WISHES) {
            if (wish.pattern().matcher(prompt).find()) {
                desired.add(wish.desired());
                guideline.append(' ').append(wish.guideline());
            }
        }
        if (dispute != Dispute.LOW) {
            desired.add(dispute == Dispute.HIGH ? "safe and tactful" : "balanced");
            guideline.append(
                    dispute == Dispute.HIGH
                            ? " An answer that helps to do harm or demeans people loses to one that does not."
                            : " People differ on it: a fair answer shows more than one side.");
        }
        return new Attributes(category, objective, dispute, String.join(", ", desired), guideline.toString());
    }

    private static String desired(TaskCategory category) {
        return switch (category) {
            case INFORMATION_SEEKING -> "correct, complete, clear";
            case REASONING -> "right conclusion, sound steps";
            case PLANNING -> "feasible, well ordered, fits the stated limits";
            case EDITING -> "keeps the meaning, makes the asked change, natural wording";
            case CODING -> "correct, runs as given, explained";
            case MATH -> "right result, correct steps";
            case ROLE_PLAYING -> "stays in character, lively";
            case DATA_ANALYSIS -> "right figures, sound inference, states its limits";
            case CREATIVE_WRITING -> "fits form and theme, original, well written";
            case ADVICE_SEEKING -> "helpful, realistic, considerate";
            case BRAINSTORMING -> "varied, usable, to the point";
            case OTHERS -> "does what is asked, correct, natural";
        };
    }

    private static String guideline(TaskCategory category) {
        return switch (category) {
            case INFORMATION_SEEKING -> "Prefer the answer that tells what was asked, rightly and wholly.";
            case REASONING -> "Work out the conclusion yourself; prefer the answer that reaches it by valid steps.";
            case PLANNING -> "Prefer the plan that one could follow within the stated time, money and people.";
            case EDITING -> "Compare with the text given: prefer the version that makes the asked change and no other.";
            case CODING -> "Prefer the answer whose code or diagnosis works for the case described.";
            case MATH -> "Work out the result yourself; prefer the right result, then the clearer way to it.";
            case ROLE_PLAYING -> "Prefer the answer that keeps to the role and carries the scene on.";
            case DATA_ANALYSIS -> "Check the figures; prefer the answer that infers no more than they support.";
            case CREATIVE_WRITING -> "Prefer the text that keeps to form and theme and has life of its own.";
            case ADVICE_SEEKING -> "Prefer the advice that would help this person in this situation.";
            case BRAINSTORMING -> "Prefer ideas that differ from each other and could be used.";
            case OTHERS -> "Prefer the answer that does exactly what the last turn asks.";
        };
    }

    private static Wish wish(String pattern, String desired, String guideline) {
        return new Wish(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), desired, guideline);
    }
}
