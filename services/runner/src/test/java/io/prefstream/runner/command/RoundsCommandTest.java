package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.stage.TrustedRecords;
import io.prefstream.wire.RoundAccount;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsCommandTest {

    static {
        TrustedRecords.trust();
    }

    private static final List<RoundAccount> ACCOUNTS = List.of(
            account(1, "labels", "gold accuracy has not risen in 2 rounds", Map.of(), 0),
            account(0, "rounds", "", Map.of("keep", 380L, "flip", 40L), 12));

    @Test
    void printsARowForEachRoundAndOneForWhatCameAfter() {
        StringWriter out = new StringWriter();

        RoundsCommand.print(ACCOUNTS, new PrintWriter(out, true));

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1))
                .matches(" +1 +1 +labels +640 +137 +7 adaptive +9 +\\+137 +\\+5 +18 +0\\.2500 +- > 0\\.850 +gold .*");
        assertThat(lines.get(2)).matches(" +1 +after +rounds .*40 flip, 380 keep; 12 verdicts changed");
    }

    @Test
    void saysSoWhenThereIsNone() {
        StringWriter out = new StringWriter();

        RoundsCommand.print(List.of(), new PrintWriter(out, true));

        assertThat(out.toString()).contains("no round has ended");
    }

    @Test
    void givesTheSameAsJson() throws Exception {
        JsonNode rows = new ObjectMapper().readTree(RoundsCommand.json(ACCOUNTS));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).path("requests").path("adaptive").asInt()).isEqualTo(7);
        assertThat(rows.get(0).path("accuracy_before").isNull()).isTrue();
        assertThat(rows.get(1).path("verdicts").path("keep").asInt()).isEqualTo(380);
        assertThat(rows.get(1).path("changed").asInt()).isEqualTo(12);
    }

    private static RoundAccount account(int round, String why, String ended, Map<String, Long> verdicts, long changed) {
        return RoundAccount.newBuilder()
                .setRun(1)
                .setRound(round)
                .setWhy(why)
                .setNewPairs(640)
                .setNewLabels(137)
                .setRequests(Map.of("adaptive", 7L))
                .setVotes(9)
                .setGold(137)
                .setSilver(5)
                .setCalls(18)
                .setUsd(0.25)
                .setAccuracyBefore(null)
                .setAccuracyAfter(0.85)
                .setVerdicts(verdicts)
                .setChanged(changed)
                .setEnded(ended)
                .build();
    }
}
