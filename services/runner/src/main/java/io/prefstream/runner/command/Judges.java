package io.prefstream.runner.command;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.config.UserError;
import io.prefstream.labelverifier.domain.JudgePrompt;
import io.prefstream.labelverifier.domain.VerdictParser;
import io.prefstream.llm.client.ApiKey;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;
import io.prefstream.llm.client.OpenAiChatClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Asks every judge one question before anything starts. */
final class Judges {

    private static final String CHECK_WORD = "c0ffee12";
    private static final String PROBE = JudgePrompt.user(
            List.of(),
            new JudgePrompt.Shown(
                    List.of(new Message("user", "What is 2 + 2?")), "4", "5", "Desired attributes: correct\n", ""),
            true,
            "0123456789ab",
            CHECK_WORD);
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Judges() {}

    /**
     * Asks every judge about a pair with a plain answer, and every generator for a word, to learn early that the endpoints are
     * there and take us.
     *
     * @return the settings, with what was found out about the judges that have {@code check} on auto
     * @throws UserError when an endpoint can't be reached or refuses
     */
    static Map<String, String> probed(Map<String, String> stages, Consumer<String> messages) {
        Map<String, String> found = new TreeMap<>(stages);
        List<Judge> judges = Judge.all(stages);
        for (Judge judge : judges) {
            String answer = ask(judge, stages, JudgePrompt.system(), PROBE, JudgePrompt.SCHEMA);
            boolean checks = VerdictParser.checks(answer, CHECK_WORD);
            if (judge.check().equals("auto")) {
                found.put(Judge.foundCheck(judge.name()), checks ? "on" : "off");
                if (!checks) {
                    messages.accept("judge " + judge.name() + " doesn't give back the check word: a text that tells it"
                            + " how to judge is caught only where the order of the answers changes its verdict");
                }
            }
        }
        for (Judge generator : Judge.taggers(stages)) {
            boolean known = judges.stream()
                    .anyMatch(judge ->
                            judge.url().equals(generator.url()) && judge.model().equals(generator.model()));
            if (!known) {
                ask(generator, stages, "You answer with one word.", "Say: ready", "");
            }
        }
        return found;
    }

    private static String ask(Judge judge, Map<String, String> settings, String system, String user, String schema) {
        ChatClient.Question question = new ChatClient.Question("probe", judge.model(), system, user, schema);
        try (OpenAiChatClient client = new OpenAiChatClient(judge, ApiKey.of(settings, judge))) {
            for (int tries = 1; ; tries++) {
                try {
                    return client.ask(question).text();
                } catch (ChatFailure e) {
                    boolean mayPass = e.kind() == ChatFailure.Kind.FOR_NOW || e.kind() == ChatFailure.Kind.BUSY;
                    if (!mayPass || tries == TRIES) {
                        throw new UserError(
                                (judge.isNamed() ? "judges." + judge.name() : "judge") + ".url: " + e.getMessage());
                    }
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted");
        }
    }
}
