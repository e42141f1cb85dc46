package io.prefstream.export.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.export.doctor.Diagnosis.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A diagnosis as people and as programs read it. */
public final class DoctorReport {

    private static final int WIDTH = 96;
    private static final ObjectMapper JSON = new ObjectMapper();

    private DoctorReport() {}

    private record Shown(Severity severity, String rule, String what, String cure, long count, List<Place> first) {}

    /** In lines of at most 96 characters, file names aside; the last lines are the verdicts, one a target. */
    public static String text(Diagnosis diagnosis) {
        StringBuilder text = new StringBuilder();
        text.append(diagnosis.rows())
                .append(" rows in ")
                .append(
                        diagnosis.files().size() == 1
                                ? diagnosis.files().getFirst()
                                : diagnosis.files().size() + " files")
                .append('\n');
        diagnosis.layouts().forEach((layout, n) -> wrap(text, n + " rows ", layout, "  "));
        Map<Shown, List<String>> shown = new LinkedHashMap<>(); // what several trainers do alike is told once
        for (Finding f : diagnosis.findings()) {
            List<String> of = shown.computeIfAbsent(
                    new Shown(f.severity(), f.rule(), f.what(), f.cure(), f.count(), f.first()),
                    s -> new ArrayList<>());
            if (f.target() != null) {
                of.add(f.target().word());
            }
        }
        shown.forEach((finding, of) -> {
            text.append('\n')
                    .append(finding.severity().word().toUpperCase(Locale.ROOT))
                    .append(' ')
                    .append(finding.rule())
                    .append(of.isEmpty() ? "" : " [" + String.join(", ", of) + "]")
                    .append(": ")
                    .append(finding.count())
                    .append(finding.first().getFirst().line() == 0 ? "" : finding.count() == 1 ? " row" : " rows")
                    .append('\n');
            wrap(text, "  ", finding.what(), "  ");
            wrap(
                    text,
                    "  at: ",
                    finding.first().stream().map(Place::toString).collect(Collectors.joining(", ")),
                    "      ");
            wrap(text, "  cure: ", finding.cure(), "      ");
        });
        text.append('\n');
        for (Verdict verdict : diagnosis.verdicts()) {
            wrap(text, verdict.target().word() + ": ", words(verdict), "    ");
        }
        return text.toString();
    }

    private static String words(Verdict verdict) {
        String with = verdict.with().isEmpty() ? "" : ", with " + verdict.with();
        if (verdict.ready()) {
            return "ready" + with;
        }
        return verdict.errors()
                + (verdict.errors() == 1 ? " error, " : " errors, ")
                + verdict.warnings()
                + (verdict.warnings() == 1 ? " warning" : " warnings")
                + with;
    }

    private static void wrap(StringBuilder text, String first, String words, String indent) {
        int at = first.length();
        text.append(first);
        boolean begun = false;
        for (String word : words.split(" ", -1)) {
            if (begun && at + 1 + word.length() > WIDTH) {
                text.append('\n').append(indent);
                at = indent.length();
            } else if (begun) {
                text.append(' ');
                at++;
            }
            text.append(word);
            at += word.length();
            begun = true;
        }
        text.append('\n');
    }

    /** As one JSON object. */
    public static String json(Diagnosis diagnosis) throws JsonProcessingException {
        ObjectNode all = JSON.createObjectNode().put("rows", diagnosis.rows());
        ArrayNode files = all.putArray("files");
        diagnosis.files().forEach(files::add);
        ObjectNode layouts = all.putObject("layouts");
        diagnosis.layouts().forEach((layout, n) -> layouts.put(layout.replaceFirst(":.*", ""), n));
        ArrayNode findings = all.putArray("findings");
        for (Finding f : diagnosis.findings()) {
            ObjectNode node = findings.addObject().put("severity", f.severity().word());
            node.put("rule", f.rule());
            node.put("target", f.target() == null ? null : f.target().word());
            node.put("what", f.what()).put("cure", f.cure()).put("count", f.count());
            ArrayNode places = node.putArray("first");
            f.first()
                    .forEach(place -> places.addObject()
                            .put("file", place.file())
                            .put("line", place.line())
                            .put("field", place.field())
                            .put("detail", place.detail()));
        }
        ArrayNode verdicts = all.putArray("verdicts");
        for (Verdict v : diagnosis.verdicts()) {
            verdicts.addObject()
                    .put("target", v.target().word())
                    .put("ready", v.ready())
                    .put("errors", v.errors())
                    .put("warnings", v.warnings())
                    .put("with", v.with());
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }
}
