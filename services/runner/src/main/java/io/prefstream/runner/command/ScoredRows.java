package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.language.LanguageGate;
import io.prefstream.core.pair.Message;
import io.prefstream.core.stats.Logistic;
import io.prefstream.ingest.domain.AnswerRow;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.kit.config.UserError;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.runner.models.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores rows in batches and writes a JSON line for each, in the order in which they come. */
final class ScoredRows {

    private static final int BATCH_ANSWERS = 512;
    private static final long BATCH_CHARS = 4L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Models.Opened model;
    private final Writer out;
    private final PrintWriter err;
    private final List<Row> batch = new ArrayList<>();
    private int answers;
    private long chars;
    private long leftOut;

    ScoredRows(Models.Opened model, Writer out, PrintWriter err) {
        this.model = model;
        this.out = out;
        this.err = err;
    }

    /** What a row's line holds. */
    private enum Kind {
        PAIR,
        ONE,
        SEVERAL
    }

    private record Row(
            String file, long line, String sourceId, List<Message> history, List<String> answers, Kind kind) {}

    void take(Candidate pair) {
        add(new Row(
                pair.file(),
                pair.line(),
                pair.sourceId(),
                pair.history(),
                List.of(pair.chosen(), pair.rejected()),
                Kind.PAIR));
    }

    void take(AnswerRow row) {
        add(new Row(
                row.file(),
                row.line(),
                row.sourceId(),
                row.history(),
                row.answers(),
                row.several() ? Kind.SEVERAL : Kind.ONE));
    }

    void refuse(String message) {
        leftOut++;
        err.println("row left out: " + message);
    }

    /** Scores what is left. */
    void end() {
        flush();
        try {
            out.flush();
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    /** Rows that have no line. */
    long leftOut() {
        return leftOut;
    }

    private void add(Row row) {
        batch.add(row);
        answers += row.answers().size();
        for (String answer : row.answers()) {
            chars += answer.length();
        }
        for (Message turn : row.history()) {
            chars += (long) turn.content().length() * row.answers().size();
        }
        if (answers >= BATCH_ANSWERS || chars >= BATCH_CHARS) {
            flush();
        }
    }

    private void flush() {
        double[] scores = scores();
        int from = 0;
        for (Row row : batch) {
            int to = from + row.answers().size();
            write(row, Arrays.copyOfRange(scores, from, to));
            from = to;
        }
        batch.clear();
        answers = 0;
        chars = 0;
    }

    /** Scores of the batch's answers; a row that the model refuses leaves the batch. */
    private double[] scores() {
        while (true) {
            List<List<Message>> talks = new ArrayList<>();
            List<Integer> owners = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                for (String answer : batch.get(i).answers()) {
                    List<Message> talk = new ArrayList<>(batch.get(i).history());
                    talk.add(new Message("assistant", answer));
                    talks.add(talk);
                    owners.add(i);
                }
            }
            if (talks.isEmpty()) {
                return new double[0];
            }
            try {
                return model.scorer().score(talks);
            } catch (UnscorableText e) {
                Row bad = batch.remove((int) owners.get(e.place()));
                refuse(bad.file() + ":" + bad.line() + ": " + e.getMessage());
            }
        }
    }

    private void write(Row row, double[] scores) {
        List<LanguageGate.Verdict> verdicts =
                row.answers().stream().map(LanguageGate::of).toList();
        ObjectNode line = JSON.createObjectNode();
        line.put("source_id", row.sourceId());
        switch (row.kind()) {
            case PAIR -> pair(line, scores);
            case ONE -> line.put("score", round(scores[0]));
            case SEVERAL -> {
                ArrayNode list = line.putArray("scores");
                Arrays.stream(scores).forEach(score -> list.add(round(score)));
                line.put("best", best(scores, verdicts));
            }
        }
        line.put("model", model.scorer().id());
        gate(line, row.kind(), verdicts);
        try {
            out.write(line + "\n");
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    private void pair(ObjectNode line, double[] scores) {
        double margin = scores[0] - scores[1];
        line.put("chosen_score", round(scores[0]));
        line.put("rejected_score", round(scores[1]));
        line.put("margin", round(margin));
        line.put("p", round(Logistic.sigmoid(margin)));
        model.temperature().ifPresent(t -> line.put("p_calibrated", round(Logistic.sigmoid(margin / t))));
    }

    /** The first of the highest among those that may be trusted; among all, when none may. */
    private static int best(double[] scores, List<LanguageGate.Verdict> verdicts) {
        boolean any = verdicts.stream().anyMatch(LanguageGate.Verdict::trusted);
        int best = -1;
        for (int i = 0; i < scores.length; i++) {
            if ((verdicts.get(i).trusted() || !any) && (best < 0 || scores[i] > scores[best])) {
                best = i;
            }
        }
        return best;
    }

    private static void gate(ObjectNode line, Kind kind, List<LanguageGate.Verdict> verdicts) {
        List<String> why = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            if (!verdicts.get(i).trusted()) {
                String which = switch (kind) {
                    case PAIR -> i == 0 ? "chosen: " : "rejected: ";
                    case ONE -> "";
                    case SEVERAL -> "responses[" + i + "]: ";
                };
                why.add(which + verdicts.get(i).why());
            }
        }
        if (!why.isEmpty()) {
            line.put("trusted", false);
            line.put("why", String.join("; ", why));
        }
    }

    private static double round(double x) {
        return Math.round(x * 1e6) / 1e6;
    }

    private static UserError unwritten(IOException e) {
        return new UserError("cannot write the scores: " + e.getMessage());
    }
}
