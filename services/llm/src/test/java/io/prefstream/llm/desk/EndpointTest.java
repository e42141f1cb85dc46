package io.prefstream.llm.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.judge.Judge;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndpointTest {

    private static final ChatClient.Question QUESTION = new ChatClient.Question("id", "m", "s", "u", "");

    private final AtomicInteger begun = new AtomicInteger();
    private final Deque<ChatFailure> failures = new ArrayDeque<>();
    private int asked;

    @Test
    void triesAgainAfterAFailureAndSaysHowOften() throws Exception {
        failures.addAll(List.of(failure(ChatFailure.Kind.FOR_NOW), failure(ChatFailure.Kind.BUSY)));

        Respondent.Answered answered = endpoint(Map.of()).ask(QUESTION, begun::incrementAndGet);

        assertThat(answered.tries()).isEqualTo(3);
        assertThat(begun).hasValue(1);
    }

    @Test
    void givesUpWhenTheTriesAreUsedUp() {
        failures.addAll(List.of(failure(ChatFailure.Kind.FOR_NOW), failure(ChatFailure.Kind.FOR_NOW)));

        assertThatThrownBy(() -> endpoint(Map.of("judge.retries", "1")).ask(QUESTION, begun::incrementAndGet))
                .isInstanceOfSatisfying(ChatFailure.class, e -> {
                    assertThat(e.kind()).isEqualTo(ChatFailure.Kind.QUESTION);
                    assertThat(e).hasMessageContaining("gave up after 2 tries");
                });
    }

    @Test
    void neverTriesAgainWhatIsRefused() {
        failures.add(failure(ChatFailure.Kind.QUESTION));

        assertThatThrownBy(() -> endpoint(Map.of()).ask(QUESTION, begun::incrementAndGet))
                .isInstanceOf(ChatFailure.class);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void waitsAsLongAsTheEndpointAsksAndDoesNotCountIt() throws Exception {
        failures.add(new ChatFailure(
                ChatFailure.Kind.BUSY, "busy", Duration.ofMillis(300), new IllegalStateException("busy")));
        long before = System.nanoTime();

        endpoint(Map.of("judge.retries", "0")).ask(QUESTION, begun::incrementAndGet);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(300_000_000L);
    }

    @Test
    void pausesWhereMostCallsFailAndLosesNoQuestion() throws Exception {
        for (int i = 0; i < 14; i++) {
            failures.add(failure(ChatFailure.Kind.FOR_NOW));
        }
        Endpoint endpoint = endpoint(Map.of("judge.retries", "9"), Duration.ofMillis(50), Duration.ofMillis(1));

        assertThat(endpoint.ask(QUESTION, begun::incrementAndGet).tries()).isEqualTo(15);
    }

    @Test
    void stopsWhenTheEndpointIsSilentForLongerThanItsPatience() {
        failures.add(failure(ChatFailure.Kind.FOR_NOW));

        assertThatThrownBy(() -> endpoint(Map.of("judge.patience", "0")).ask(QUESTION, begun::incrementAndGet))
                .isInstanceOf(Respondent.Silent.class);
    }

    @Test
    void keepsTheRateOfRequests() throws Exception {
        Endpoint endpoint = endpoint(Map.of("judge.requests-per-minute", "600")); // a sixth of a minute's is held
        long before = System.nanoTime();
        for (int i = 0; i < 105; i++) {
            endpoint.ask(QUESTION, begun::incrementAndGet);
        }

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(400_000_000L); // five of them wait 100 ms each
    }

    private Endpoint endpoint(Map<String, String> settings) {
        return endpoint(settings, Duration.ofSeconds(10), Duration.ofMillis(1));
    }

    private Endpoint endpoint(Map<String, String> settings, Duration leftAlone, Duration pause) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("judge.patience", "60");
        all.put("judge.model", "m");
        return new Endpoint(Judge.all(all).getFirst(), new Scripted(), leftAlone, pause);
    }

    private final class Scripted implements ChatClient {
        @Override
        public Reply ask(Question question) throws ChatFailure {
            asked++;
            @Nullable ChatFailure failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return new Reply("m", "yes", "", 1, 1);
        }

        @Override
        public void close() {}
    }

    private static ChatFailure failure(ChatFailure.Kind kind) {
        return new ChatFailure(kind, "scripted", new IllegalStateException("scripted"));
    }
}
