package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PlanCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsWhatABudgetBuysAndWhatToExpectOfIt() {
        int code = run("--budget", "50000", "--gold", "50000", "--silver", "100000");

        assertThat(code).isZero();
        assertThat(out.toString().lines().toList())
                .anyMatch(line -> line.matches("gold +50000 +0.50 +25000.00"))
                .anyMatch(line -> line.matches("silver +100000 +0.05 +5000.00"))
                .anyMatch(line -> line.matches("stage 2 +2000000 +0.01 +20000.00"))
                .anyMatch(line -> line.matches("in all +2150000 +50000.00"))
                .anyMatch(line -> line.matches("Expected score: 8\\d\\.\\d\\d points, 90 % interval .*curve: paper.*"))
                .anyMatch(line -> line.startsWith("Time: 833.3 hours of people, 291.7 hours of judges"));
    }

    @Test
    void refusesATargetBeyondTheBudgetAndSaysWhatItTakes() throws Exception {
        assertThat(run("--target-score", "85", "--budget", "1000")).isEqualTo(1);
        assertThat(err.toString())
                .contains("refused: the cheapest plan for 85.0 points costs $")
                .contains("more than the budget of $1000; the budget reaches");
        assertThat(out.toString()).isEmpty();

        assertThat(run("--target-score", "85", "--json")).isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString());
        assertThat(plan.path("score").path("expected").asDouble()).isGreaterThanOrEqualTo(85);
        assertThat(err.toString())
                .contains("costs $" + plan.path("usd").decimalValue().setScale(2, RoundingMode.UP));
        assertThat(plan.path("gold").path("pairs").asLong()
                        + plan.path("silver").path("pairs").asLong()
                        + plan.path("stage_2").path("pairs").asLong())
                .isEqualTo(plan.path("pairs").asLong());
    }

    @Test
    void saysWhatCannotBeBoughtAtAnyPriceAndWhatTheCheapestCosts() {
        assertThat(run("--target-score", "95")).isEqualTo(1);
        assertThat(err.toString()).contains("no plan reaches 95.0 points: the most that can be expected is 87.20");
        assertThat(run("--budget", "10")).isEqualTo(1);
        assertThat(err.toString()).contains("$10 buys no plan: the cheapest possible costs $4");
        assertThat(run("--budget", "1000", "--pairs", "500")).isEqualTo(1);
        assertThat(err.toString()).contains("the curve begins at 29427 pairs");
    }

    @Test
    void refusesWhatMeansNothing() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("--budget, --target-score");
        assertThat(run("--budget", "-1")).isEqualTo(2);
        assertThat(run("--target-score", "101")).isEqualTo(2);
        assertThat(run("--budget", "1", "--gold", "-1")).isEqualTo(2);
        assertThat(run("--budget", "1", "--human-seconds", "-1")).isEqualTo(2);
    }

    private int run(String... args) {
        return new CommandLine(new PlanCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((error, at, parsed) -> {
                    at.getErr().println(error.getMessage());
                    return error instanceof UserError user ? user.exitCode() : 1;
                })
                .execute(args);
    }
}
