package io.prefstream.core.language;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marks by which chat templates part turns. A tokenizer may read one in the middle of an answer as the end of the turn. */
public final class SpecialTokens {

    /** By the forms that published templates use; {@code </s>} apart, since HTML has it too. */
    private static final Pattern TOKEN = Pattern.compile("<[|｜][\\p{L}\\p{N}_▁ ]{1,40}[|｜]>|\\[/?INST]|<</?SYS>>"
            + "|<(?:start|end)_of_turn>|<(?:bos|eos|pad|eod|unk)>|<extra_id_\\d{1,3}>|<0x[0-9A-F]{2}>|\\[(?:PAD|SEP|CLS)]"
            + "|</?s>");

    /** What stands before an answer, by template: the last of them begins it. */
    private static final Pattern HEADER =
            Pattern.compile("<\\|im_start\\|>assistant\\s|<\\|start_header_id\\|>assistant<\\|end_header_id\\|>"
                    + "|<\\|assistant\\|>|<｜Assistant｜>|<start_of_turn>model\\s|\\[/INST]"
                    + "|<\\|START_OF_TURN_TOKEN\\|><\\|CHATBOT_TOKEN\\|>|\n\nAssistant:|\nASSISTANT:");

    private SpecialTokens() {}

    /** How many there are. */
    public static int in(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('[') < 0) {
            return 0;
        }
        int found = 0;
        boolean struck = false; // text between <s> and </s> is HTML's
        for (Matcher token = TOKEN.matcher(text); token.find(); ) {
            switch (token.group()) {
                case "<s>" -> struck = true;
                case "</s>" -> {
                    found += struck ? 0 : 1;
                    struck = false;
                }
                default -> found++;
            }
        }
        return found;
    }

    /**
     * The answer of a conversation on which a template was laid: what follows the last header, less the marks at its end;
     * the whole text where no known template is seen.
     */
    static String answerOf(String templated) {
        int from = 0;
        for (Matcher header = HEADER.matcher(templated); header.find(); ) {
            from = header.end();
        }
        return withoutEnd(templated.substring(from));
    }

    /** A text without blanks around it and without the special tokens at its end. */
    static String withoutEnd(String text) {
        String left = text.strip();
        while (left.endsWith(">") || left.endsWith("]")) {
            int start = -1;
            // Tokens hold no line and are short: only the end is looked at.
            Matcher token = TOKEN.matcher(left).region(Math.max(0, left.length() - 64), left.length());
            while (token.find()) {
                if (token.end() == left.length()) {
                    start = token.start();
                }
            }
            if (start < 0) {
                return left;
            }
            left = left.substring(0, start).strip();
        }
        return left;
    }
}
