package io.prefstream.core.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import io.prefstream.core.agreement.Votes.Vote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DawidSkeneTest {

    private static final int A = 0;
    private static final int B = 1;
    private static final int TIE = 2;

    @Test
    void findsMoreOfTheTruthThanAMajorityAndInOnePassNearlyAsMuch() {
        SeededVotes seeded = SeededVotes.of(20_000, 5, 40, 0);
        Votes votes = Votes.of(3, seeded.votes());
        double majority = seeded.accuracy(votes.items(), votes.shares());
        double batch = seeded.accuracy(
                votes.items(), DawidSkene.fit(votes, DawidSkene.Options.PLAIN).posteriors());
        List<Vote> mixed = new ArrayList<>(seeded.votes());
        Collections.shuffle(mixed, new Random(1));
        double inOrder = seeded.accuracy(votes.items(), stream(seeded.votes(), votes.items()));
        double anyOrder = seeded.accuracy(votes.items(), stream(mixed, votes.items()));

        assertThat(batch - majority).isBetween(0.03, 0.06);
        assertThat(inOrder).isCloseTo(batch, within(0.003));
        assertThat(anyOrder).isCloseTo(batch, within(0.003));
    }

    @Test
    void seesThroughARaterWhoAlwaysSaysTheSame() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            votes.add(new Vote("i" + i, "lazy", A));
            votes.add(new Vote("i" + i, "keen", i % 2));
            votes.add(new Vote("i" + i, "keen2", i % 2));
            votes.add(new Vote("i" + i, "lazy2", A));
        }
        var found = DawidSkene.fit(Votes.of(3, votes), DawidSkene.Options.SMOOTHED);
        double[] odd = found.posteriors()[found.items().indexOf("i1")];

        assertThat(Votes.best(odd)).isEqualTo(B);
    }

    @Test
    void givesARaterAMatrixOfItsOwnWhereItDiffers() {
        SeededVotes seeded = SeededVotes.of(400, 4, 8, 2);
        List<Vote> votes = new ArrayList<>(seeded.votes());
        Map<String, String> categories = new HashMap<>();
        int n = 0;
        for (String item : seeded.truth().keySet().stream().sorted().toList()) {
            boolean math = n++ % 2 == 0;
            categories.put(item, math ? "Math" : "Editing");
            int truth = seeded.truth().getOrDefault(item, 0);
            votes.add(new Vote(item, "reversed at maths", math ? (truth + 1) % 3 : truth));
        }
        AnnotatorModel model = DawidSkene.fit(Votes.of(3, votes, categories), DawidSkene.Options.SMOOTHED)
                .model();

        assertThat(Votes.best(model.posterior(List.of(new Ballot("reversed at maths", B)), "Math")))
                .isEqualTo(A);
        assertThat(Votes.best(model.posterior(List.of(new Ballot("reversed at maths", B)), "Editing")))
                .isEqualTo(B);
    }

    @Test
    void holdsWhatOthersHaveSettled() {
        List<Vote> votes = new ArrayList<>();
        Map<String, double[]> people = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            votes.add(new Vote("i" + i, "judge", A));
            people.put("i" + i, new double[] {0, 1, 0});
        }
        var found = DawidSkene.fit(Votes.of(3, votes), DawidSkene.Options.SMOOTHED, people);

        assertThat(found.posteriors()[0]).containsExactly(0, 1, 0);
        assertThat(Votes.best(found.model().posterior(List.of(new Ballot("judge", A)), "")))
                .isEqualTo(B);
    }

    @Test
    void leavesTwoUnknownRatersWhoDifferUndecided() {
        AnnotatorModel model = AnnotatorModel.unknown(3, Smoothing.DEFAULT);

        assertThat(model.posterior(List.of(new Ballot("x", A), new Ballot("y", B)), "")[A])
                .isLessThan(AnnotatorModel.DECIDED);
        assertThat(model.posterior(List.of(new Ballot("x", A)), "")[A]).isCloseTo(0.8, within(1e-12));
        assertThat(Votes.best(model.posterior(List.of(new Ballot("x", TIE), new Ballot("y", TIE)), "")))
                .isEqualTo(TIE);
    }

    @Test
    void ofItemsOutOfSightGivesThePosteriorOfTheFit() {
        SeededVotes seeded = SeededVotes.of(200, 5, 10, 4);
        Votes votes = Votes.of(3, seeded.votes());
        var found = DawidSkene.fit(votes, DawidSkene.Options.SMOOTHED);
        String item = votes.items().get(17);
        List<Ballot> ballots = seeded.votes().stream()
                .filter(v -> v.item().equals(item))
                .map(v -> new Ballot(v.annotator(), v.choice()))
                .toList();

        assertThat(found.model().posterior(ballots, ""))
                .usingComparatorWithPrecision(0.01)
                .containsExactly(found.posteriors()[17]);
    }

    @Test
    void forgetsARaterWhoChanges() {
        StreamingDawidSkene model = new StreamingDawidSkene(3, Smoothing.DEFAULT, 100);
        for (int i = 0; i < 1200; i++) {
            int truth = i % 2;
            for (int a = 0; a < 3; a++) {
                model.put("i" + i, "v" + a, "steady" + a, truth);
            }
            model.put("i" + i, "v9", "turned", i < 600 ? truth : 1 - truth);
        }

        assertThat(model.confusion("turned")[A * 3 + A]).isLessThan(0.1);
        assertThat(model.confusion("steady1")[A * 3 + A]).isGreaterThan(0.9);
    }

    @Test
    void takesAVoteBackWithoutATrace() {
        StreamingDawidSkene model = new StreamingDawidSkene(3, Smoothing.DEFAULT, StreamingDawidSkene.HORIZON);
        model.put("i", "v1", "a", A);
        double[] before = model.posterior("i");
        model.put("i", "v2", "b", B);
        model.put("i", "v2", "b", -1);

        assertThat(model.posterior("i")).usingComparatorWithPrecision(1e-9).containsExactly(before);
        model.put("i", "v1", "a", -1);
        assertThat(model.posterior("i")).usingComparatorWithPrecision(1e-9).containsExactly(model.priors());
    }

    private static double[][] stream(List<Vote> votes, List<String> items) {
        StreamingDawidSkene model = new StreamingDawidSkene(3, Smoothing.DEFAULT, StreamingDawidSkene.HORIZON);
        votes.forEach(v -> model.put(v.item(), v.annotator(), v.annotator(), v.choice()));
        return items.stream().map(model::posterior).toArray(double[][]::new);
    }
}
