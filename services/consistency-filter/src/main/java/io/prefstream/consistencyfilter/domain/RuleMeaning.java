package io.prefstream.consistencyfilter.domain;

/** What a rule means, in plain words. Any thread. */
public final class RuleMeaning {
    private RuleMeaning() {}

    /** The meaning of a rule as it stands in verdicts. */
    public static String of(String rule) {
        if (rule.startsWith("dead-letter:")) {
            return "a stage could not process the pair";
        }
        return switch (rule) {
            case "human" -> "people decided";
            case "human-undecided" -> "people were asked and could not decide";
            case "contradiction" -> "the same answers also stand in the other order";
            case "contaminated" -> "shares text with a benchmark";
            case "near-duplicate" -> "much like an earlier pair";
            case "no-gold" -> "too few or one-sided human labels";
            case "same-features" -> "the models cannot tell both answers apart";
            case "gold-abstains" -> "the gold model's p lies in the band around .5";
            case "uncertain" -> "no score, or p_right between the thresholds and no judge settled it";
            case "keep-unproved" -> "would be kept, but gold does not prove that keeping beats the label itself";
            case "flip-unproved" -> "would be flipped, but gold does not prove that flips are right";
            case "not-selected" -> "models would publish it, but selection holds it back";
            case "flip-uncorroborated" -> "p_right would flip it, but the gold model calls the label right";
            case Decision.AUDIT_FAILED -> "would be flipped, but people who audited such flips confirm too few";
            case "both-rms" -> "both models call the label right";
            case "both-rms-against" -> "both models call the label wrong";
            case "gold-rm", "gold-only" -> "only the gold model calls the label right";
            case "gold-rm-against", "gold-against" -> "only the gold model calls the label wrong";
            case "best-rm" -> "only the best model calls the label right";
            case "best-rm-against" -> "only the best model calls the label wrong";
            case "gold+judges" -> "gold model and judges call the label right";
            case "gold+judges-against" -> "gold model and judges call the label wrong";
            case "best+judges" -> "best model and judges call the label right";
            case "best+judges-against" -> "best model and judges call the label wrong";
            case "judges" -> "judges alone call the label right";
            case "judges-against" -> "judges alone call the label wrong";
            case "judges-against-gold" -> "judges contradict the gold model";
            case "gold-against-judges" -> "the gold model contradicts label and judges";
            case "label-rate" -> "labels of this folder are mostly right, and nothing speaks against this one";
            case "label-rate-against" -> "labels of this folder are mostly wrong";
            default -> refused(rule);
        };
    }

    /** What ingest refuses. */
    private static String refused(String rule) {
        return switch (rule) {
            case "duplicate" -> "the same texts as an earlier row";
            case "pii" -> "holds personal data, which --pii drop refuses";
            case "not-json" -> "the line is no JSON object";
            case "not-utf8" -> "the line is not UTF-8";
            case "not-csv" -> "the row is not well-formed CSV";
            case "no-such-field" -> "a column is missing";
            case "wrong-type" -> "a field holds another type than text or messages";
            case "empty-answer" -> "an answer is blank";
            case "identical-answers" -> "both answers are the same text";
            case "no-final-user-turn" -> "the turn before the answers is not a user's or a tool's";
            case "no-final-answer" -> "a conversation does not end with the assistant's turn";
            case "diverges-early" -> "the two conversations part before their last turn";
            case "prompt-mismatch" -> "the prompt and the conversations do not begin alike";
            case "too-large" -> "the row or one of its texts is too large";
            case "lone-surrogate" -> "a text holds half of a UTF-16 pair";
            case "nul-character" -> "a text holds a NUL character";
            case "duplicate-key" -> "a JSON object names a key twice";
            case "too-deep" -> "the JSON is nested too deeply";
            case "unknown-role" -> "a turn's role is not known";
            case "unsupported-content" -> "a turn holds something other than text";
            case "tie" -> "neither answer was preferred";
            case "unknown-verdict" -> "what was preferred is not known";
            default -> "not known to this version";
        };
    }
}
