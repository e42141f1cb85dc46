package io.prefstream.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.plan.Allowance.Quote;
import io.prefstream.core.plan.SourceChoice.Source;
import io.prefstream.core.plan.StoppingRule.Round;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpendingPropertyTest {

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    // The hard stop

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverPassesTheCapAndAtWorstPricesStopsWithinOneRequestOfIt(long seed) {
        Random random = new Random(seed);
        List<Quote> quotes = quotes(random, 2000);
        double budget = 1 + random.nextDouble();
        double reserve = random.nextDouble() * budget / 2;

        Allowance allowance = new Allowance(budget, reserve, 0, 0, Long.MAX_VALUE, 0);
        int admitted = allowance.admits(quotes, 1);

        double money = sum(quotes.subList(0, admitted));
        assertThat(admitted).isBetween(1, quotes.size() - 1);
        assertThat(money).isLessThanOrEqualTo(budget - reserve + 1e-12);
        assertThat(money + quotes.get(admitted).usd()).isGreaterThan(budget - reserve - 1e-5);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void askedAgainForWhatWasLeftOverComesWithinOneRequestOfTheCapAtAnyPrice(long seed) {
        Random random = new Random(seed);
        List<Quote> waiting = quotes(random, 20_000);
        double budget = 0.5 + random.nextDouble();
        double reserve = random.nextDouble() * budget / 2;
        long spent = 0;
        int passes = 0;

        while (true) {
            int admitted = new Allowance(budget, reserve, 0, spent, Long.MAX_VALUE, 0).admits(waiting, 1);
            if (admitted == 0) {
                break;
            }
            double reserved = sum(waiting.subList(0, admitted));
            assertThat(Allowance.usd(spent) + reserved).isLessThanOrEqualTo(budget - reserve + 1e-9);
            for (Quote quote : waiting.subList(0, admitted)) {
                spent += Allowance.nanos(quote.usd() * (0.1 + 0.2 * random.nextDouble()));
            }
            waiting = waiting.subList(admitted, waiting.size());
            passes++;
        }

        assertThat(waiting).isNotEmpty();
        assertThat(Allowance.usd(spent)).isLessThanOrEqualTo(budget - reserve);
        assertThat(Allowance.usd(spent) + waiting.getFirst().usd()).isGreaterThan(budget - reserve - 1e-9);
        assertThat(passes).isLessThan(60);
    }

    @Test
    void keepsTheReserveOrWhatPeopleHaveCostWhicheverIsMore() {
        List<Quote> quotes = Collections.nCopies(100, new Quote(0.1, 2));

        assertThat(new Allowance(1, 0, 0, 0, 1000, 0).admits(quotes, 1)).isEqualTo(10);
        assertThat(new Allowance(1, 0.4, 0, 0, 1000, 0).admits(quotes, 1)).isEqualTo(6);
        assertThat(new Allowance(1, 0.4, Allowance.nanos(0.7), 0, 1000, 0).admits(quotes, 1))
                .isEqualTo(3);
        assertThat(new Allowance(1, 0.4, Allowance.nanos(3), 0, 1000, 0).admits(quotes, 1))
                .isZero();
        assertThat(new Allowance(1, 0, 0, Allowance.nanos(0.5), 1000, 0).admits(quotes, 0.5))
                .isZero();
        assertThat(new Allowance(Double.POSITIVE_INFINITY, 0, 0, 0, 9, 1).admits(quotes, 1))
                .isEqualTo(4);
    }

    // The forecast

    @Test
    void coversTheActualCostNineTimesInTen() {
        int covered = 0;
        int trials = 400;
        for (int trial = 0; trial < trials; trial++) {
            Random random = new Random(trial);
            double share = 0.1 + 0.5 * random.nextDouble();
            int labels = 150;
            int hits = 0;
            for (int i = 0; i < labels; i++) {
                hits += random.nextDouble() < share ? 1 : 0;
            }
            double[] probe = random.doubles(200).map(d -> 0.001 / (0.1 + d)).toArray();
            Forecast forecast =
                    Forecast.of(probe, Forecast.Pairs.of(50, 3000, hits, labels, 1e9), 0.5, Double.MAX_VALUE);
            double actual = 0.5;
            for (int i = 0; i < 3050; i++) {
                actual += i < 50 || random.nextDouble() < share ? 0.001 / (0.1 + random.nextDouble()) : 0;
            }
            covered += forecast.low() <= actual && actual <= forecast.high() ? 1 : 0;
        }
        assertThat(covered).isBetween((int) (0.86 * trials), (int) (0.96 * trials));
    }

    @Test
    void forecastsNoMoreThanTheCapAndNoLessThanWhatIsSpent() {
        double[] probe = {0.1, 0.2, 0.3};

        Forecast capped = Forecast.of(probe, new Forecast.Pairs(1000, 10, 1e9), 0.6, 5);
        Forecast nothingLeft = Forecast.of(probe, new Forecast.Pairs(1000, 10, 0), 0.6, 5);

        assertThat(capped.usd()).isEqualTo(5);
        assertThat(capped.high()).isEqualTo(5);
        assertThat(nothingLeft.low()).isEqualTo(0.6);
        assertThat(nothingLeft.high()).isEqualTo(0.6);
        assertThat(Forecast.of(new double[] {0.1}, new Forecast.Pairs(10, 0, 1e9), 0, 1e9)
                        .sd())
                .isEqualTo(0.1);
    }

    // The source

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverAsksASourceThatIsDearerAndTellsLess(long seed) {
        Random random = new Random(seed);
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sources.add(new Source(
                    "s" + i,
                    random.nextDouble(),
                    random.nextInt(50),
                    random.nextInt(50),
                    random.nextInt(50),
                    random.nextInt(50)));
        }
        double p = random.nextDouble();

        SourceChoice.best(sources, p)
                .ifPresent(best -> assertThat(sources)
                        .noneMatch(s -> s.usd() < best.usd() && s.information(p) > best.information(p) + 1e-9));
        Collections.shuffle(sources, random);
        assertThat(SourceChoice.best(sources, p)).isEqualTo(SourceChoice.best(sources.reversed(), p));
        for (Source source : sources) {
            assertThat(source.information(p)).isBetween(0.0, 1.0);
            assertThat(source.errorSaved(p)).isBetween(0.0, 0.5);
        }
    }

    @Test
    void asksTheCheapJudgeUntilItTellsTooLittleForItsPrice() {
        Source cheap = Source.of("cheap", 0.001, 140, 200);
        Source strong = Source.of("strong", 0.01, 190, 200);
        Source human = Source.of("human", 0.5, 98, 100);

        assertThat(SourceChoice.best(List.of(cheap, strong, human), 0.5)).contains(cheap);
        Source useless = Source.of("cheap", 0.001, 104, 200);
        assertThat(SourceChoice.best(List.of(useless, strong, human), 0.5)).contains(strong);
        Source guessing = Source.of("strong", 0.01, 100, 200);
        assertThat(SourceChoice.best(List.of(Source.of("cheap", 0.001, 100, 200), guessing, human), 0.5))
                .contains(human);
    }

    @Test
    void givesNothingForASourceThatNobodyMeasuredAndAnythingForOneThatIsFree() {
        assertThat(SourceChoice.best(List.of(Source.of("new", 0.001, 0, 0)), 0.5))
                .isEmpty();
        Source free = Source.of("free", 0, 60, 100);
        assertThat(SourceChoice.best(List.of(free, Source.of("sure", 0.001, 100, 100)), 0.5))
                .contains(free);
        assertThat(free.measured()).isEqualTo(100);
        assertThat(free.errorSaved(0.5)).isGreaterThan(0.05);
        assertThat(free.errorSaved(0.99)).isZero(); // it tells something, and alone turns nothing
        assertThat(free.information(0.99)).isPositive();
    }

    // The stopping rule

    @Test
    void stopsAfterTwoRoundsWithoutARise() {
        assertThat(StoppingRule.DEFAULT.stops(rounds(0.8, 0.8))).isEmpty();
        assertThat(StoppingRule.DEFAULT.stops(rounds(0.8, 0.81, 0.81))).isEmpty();
        assertThat(StoppingRule.DEFAULT.stops(rounds(0.8, 0.8, 0.79)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not risen in 2 rounds"));
        assertThat(StoppingRule.DEFAULT.stops(rounds(-1, -1))).isPresent();
    }

    @Test
    void stopsWhenARoundOrADollarBringsTooLittle() {
        StoppingRule perRound = StoppingRule.of("0.3", 2);
        assertThat(perRound.stops(rounds(0.80, 0.803, 0.806))).isEmpty();
        assertThat(perRound.stops(rounds(0.80, 0.802, 0.804)))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .isEqualTo("gold accuracy rose by 0.20 points a round over 2 rounds, below 0.3"));
        assertThat(perRound.stops(rounds(0.80, 0.801))).isEmpty();

        StoppingRule perDollar = StoppingRule.of("1/usd", 1);
        assertThat(perDollar.stops(List.of(new Round(0.8, 1), new Round(0.82, 1))))
                .isEmpty();
        assertThat(perDollar.stops(List.of(new Round(0.8, 1), new Round(0.82, 4))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("0.50 points a dollar"));
        assertThat(perDollar.stops(List.of(new Round(0.8, 0), new Round(0.82, 0))))
                .isEmpty();
    }

    @Test
    void refusesRulesThatMeanNothing() {
        assertThatThrownBy(() -> new StoppingRule(-1, false, 2)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new StoppingRule(1, false, 0)).hasMessageContaining("got 0");
    }

    private static List<Round> rounds(double... accuracies) {
        List<Round> rounds = new ArrayList<>();
        for (double accuracy : accuracies) {
            rounds.add(new Round(accuracy, 0));
        }
        return rounds;
    }

    private static List<Quote> quotes(Random random, int n) {
        List<Quote> quotes = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            quotes.add(new Quote(0.0005 + 0.004 * random.nextDouble(), 2));
        }
        return quotes;
    }

    private static double sum(List<Quote> quotes) {
        return quotes.stream().mapToDouble(Quote::usd).sum();
    }
}
