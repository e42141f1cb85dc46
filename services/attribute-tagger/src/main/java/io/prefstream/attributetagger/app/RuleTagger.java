package io.prefstream.attributetagger.app;

import io.prefstream.attributetagger.processor.Tagger;
import io.prefstream.core.pair.Message;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.Objectivity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Tags by explicit rules on the last user turn; the first rule that matches counts. */
final class RuleTagger implements Tagger {

    static final String REVISION = "rules/1";

    private static final Map<String, Pattern> RULES = new LinkedHashMap<>();

    static {
        rule(
                "Coding & Debugging",
                "```|\\b(code|function|python|java|javascript|sql|regex|bug|compile|script|html|css|api)\\b");
        rule(
                "Math",
                "\\d\\s*[-+*/^=]\\s*\\d|\\b(how many|how much|calculate|solve|equation|percent|probability|sum of)\\b");
        rule(
                "Editing",
                "\\b(rewrite|edit|proofread|paraphrase|correct the|shorten|summari[sz]e|translate|rephrase)\\b");
        rule("Role playing", "\\b(pretend|role ?play|act as|you are a|imagine you are|stay in character)\\b");
        rule("Data analysis", "\\b(data ?set|table|csv|chart|average of|trend|analy[sz]e|statistics|survey)\\b");
        rule("Creative writing", "\\b(story|poem|haiku|lyrics|song|limerick|fiction|dialogue|screenplay)\\b");
        rule("Brainstorming", "\\b(brainstorm|ideas?|suggest (some|ten|five|names)|list of names|come up with)\\b");
        rule("Planning", "\\b(plan|schedule|itinerary|agenda|roadmap|organi[sz]e|prepare for)\\b");
        rule("Advice seeking", "\\b(should i|advice|how do i deal|what would you do|help me decide|recommend)\\b");
        rule("Reasoning", "\\b(why|prove|deduce|logic|puzzle|argue|reason|therefore|compare|better)\\b");
        rule("Information seeking", "\\?|\\b(what|who|when|where|which|explain|describe|define|how)\\b");
    }

    private static final Set<String> OBJECTIVE =
            Set.of("Coding & Debugging", "Math", "Data analysis", "Reasoning", "Information seeking", "Editing");
    private static final Pattern DISPUTED = Pattern.compile(
            "(?i)\\b(abortion|religion|god|gay|marriage|war|immigration|gun|politic|racis|drug|kill|porn|euthanasia)");

    private static void rule(String category, String pattern) {
        RULES.put(category, Pattern.compile("(?i)" + pattern));
    }

    @Override
    public Tags tags(List<Message> history) {
        String turn = history.stream()
                .filter(m -> m.role().equals("user"))
                .map(Message::content)
                .reduce("", (before, now) -> now);
        String category = RULES.entrySet().stream()
                .filter(rule -> rule.getValue().matcher(turn).find())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("Others");
        boolean objective = OBJECTIVE.contains(category);
        boolean disputed = DISPUTED.matcher(turn).find();
        return new Tags(
                category,
                objective ? Objectivity.OBJECTIVE : Objectivity.SUBJECTIVE,
                disputed ? Controversiality.HIGH : objective ? Controversiality.LOW : Controversiality.MEDIUM,
                objective ? "correct, complete, clear" : "relevant, thoughtful, well written",
                objective
                        ? "Prefer the answer whose facts and steps are right; then the clearer one."
                        : "Prefer the answer that serves what the user asks for; weigh substance over length.");
    }
}
