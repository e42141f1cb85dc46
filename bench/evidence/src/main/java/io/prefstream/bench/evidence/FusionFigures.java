package io.prefstream.bench.evidence;

import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.agreement.CohenKappa;
import io.prefstream.core.agreement.DawidSkene;
import io.prefstream.core.agreement.RaterKind;
import io.prefstream.core.agreement.Smoothing;
import io.prefstream.core.agreement.StreamingDawidSkene;
import io.prefstream.core.agreement.Votes;
import io.prefstream.core.agreement.Votes.Vote;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Prints what the product's agreement and fusion find in a file of votes, for bench/agreement.py to hold against other
 * packages: lines of {@code item TAB annotator TAB HUMAN|JUDGE TAB class (0, 1, 2)} in, figures parted by tabs out.
 */
public final class FusionFigures {

    private FusionFigures() {}

    /** Reads the file that the argument names, and prints to standard output. */
    public static void main(String[] args) throws IOException {
        List<Cast> casts = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]), StandardCharsets.UTF_8)) {
            String[] of = line.split("\t", -1);
            casts.add(new Cast(
                    of[0],
                    of[2] + "/" + of[1],
                    of[1],
                    RaterKind.valueOf(of[2]),
                    Choice.at(Integer.parseInt(of[3])),
                    AgreementBoard.ALL,
                    null,
                    null));
        }
        print(casts, new PrintStream(System.out, false, StandardCharsets.UTF_8));
    }

    private static void print(List<Cast> casts, PrintStream to) {
        AgreementBoard board = new AgreementBoard();
        casts.forEach(board::put);
        board.lines().forEach(line -> {
            Double value = line.coefficient().value();
            to.println("figure\t" + line.scope() + "\t"
                    + (value == null ? line.coefficient().undefined() : value.toString()));
        });
        List<Vote> list = casts.stream()
                .filter(cast -> cast.choice() != null)
                .map(FusionFigures::vote)
                .toList();
        kappas(list, to);
        Votes votes = Votes.of(Choice.CLASSES, list);
        rows("majority", votes.items(), votes.shares(), to);
        DawidSkene.Result batch = DawidSkene.fit(votes, DawidSkene.Options.PLAIN);
        rows("batch", batch.items(), batch.posteriors(), to);
        DawidSkene.Result smoothed = DawidSkene.fit(votes, DawidSkene.Options.SMOOTHED);
        rows("smoothed", smoothed.items(), smoothed.posteriors(), to);
        StreamingDawidSkene streaming =
                new StreamingDawidSkene(Choice.CLASSES, Smoothing.DEFAULT, StreamingDawidSkene.HORIZON);
        list.forEach(vote -> streaming.put(vote.item(), vote.annotator(), vote.annotator(), vote.choice()));
        rows(
                "streaming",
                votes.items(),
                votes.items().stream().map(streaming::posterior).toArray(double[][]::new),
                to);
        to.flush();
    }

    private static Vote vote(Cast cast) {
        Choice choice = cast.choice() == null ? Choice.TIE : cast.choice();
        return new Vote(cast.pair(), cast.annotator(), choice.index());
    }

    /** Kappa of every two annotators who share ten items. */
    private static void kappas(List<Vote> votes, PrintStream to) {
        Map<String, List<Vote>> byItem = new TreeMap<>();
        votes.forEach(vote ->
                byItem.computeIfAbsent(vote.item(), id -> new ArrayList<>()).add(vote));
        Map<String, CohenKappa> tables = new HashMap<>();
        for (List<Vote> on : byItem.values()) {
            for (Vote one : on) {
                for (Vote other : on) {
                    if (one.annotator().compareTo(other.annotator()) < 0) {
                        tables.computeIfAbsent(
                                        one.annotator() + "\t" + other.annotator(),
                                        two -> new CohenKappa(Choice.CLASSES))
                                .add(one.choice(), other.choice(), 1);
                    }
                }
            }
        }
        new TreeMap<>(tables).forEach((two, table) -> {
            Double value = table.value().value();
            if (table.items() >= AgreementBoard.SHARED && value != null) {
                to.println("kappa\t" + two + "\t" + value);
            }
        });
    }

    private static void rows(String what, List<String> items, double[][] rows, PrintStream to) {
        for (int i = 0; i < rows.length; i++) {
            to.println(what + "\t" + items.get(i) + "\t"
                    + Arrays.stream(rows[i]).mapToObj(Double::toString).collect(Collectors.joining("\t")));
        }
    }
}
