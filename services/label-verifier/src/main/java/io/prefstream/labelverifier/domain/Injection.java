package io.prefstream.labelverifier.domain;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds answers that speak to their judge in the judge's own terms: its check word, its verdict, its marks. A judge that obeyed
 * such a text could give the check word and the same answer in both orders, so nothing in its answers would tell. Such pairs
 * are left to people. Stateless.
 */
public final class Injection {

    private static final List<Pattern> TELLS = List.of(
            Pattern.compile("(?i)check\\s*word"),
            Pattern.compile("(?i)[\"'`]?verdict[\"'`]?\\s*[:=]\\s*[\"'`]?(1|2|tie|cannot_tell)\\b"),
            Pattern.compile("\\[\\[\\s*[ABC](\\s*[>=]{1,2}\\s*[AB])?\\s*\\]\\]"),
            Pattern.compile("(?i)\\bcandidate\\s*[12]\\b[^.\\n]{0,40}\\b(is better|wins|must win|is the better)\\b"),
            Pattern.compile("(?i)\\b(dear|attention,?|note to( the)?|to the)\\s+(judge|evaluator|grader|annotator)\\b"),
            Pattern.compile("(?i)<<\\s*(end|candidate)\\b"));

    private Injection() {}

    /** What in the answers speaks to the judge, at most 60 characters of it; empty when nothing does. */
    public static Optional<String> in(String chosen, String rejected) {
        for (Pattern tell : TELLS) {
            for (String text : List.of(chosen, rejected)) {
                Matcher found = tell.matcher(text);
                if (found.find()) {
                    String words = found.group().replaceAll("\\s+", " ");
                    return Optional.of(words.length() <= 60 ? words : words.substring(0, 60));
                }
            }
        }
        return Optional.empty();
    }
}
