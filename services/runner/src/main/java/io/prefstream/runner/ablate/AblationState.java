package io.prefstream.runner.ablate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.prefstream.kit.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How far an ablation is, in {@code ablation.json} of its output: what was read and which variants have ended, so that it goes on
 * after a kill, and every figure of its report can be traced.
 *
 * @param plan plan, by name
 * @param planSha256 SHA-256 of the plan's variants, range and partitions
 * @param run run that is replayed
 * @param offsets where each base topic ended, by name and partition
 * @param base what each base topic held up to there
 * @param variants what came of each variant that has ended
 */
record AblationState(
        String plan,
        String planSha256,
        int run,
        TreeMap<String, List<Long>> offsets,
        TreeMap<String, TopicPrint> base,
        TreeMap<String, Ended> variants) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A variant that has ended.
     *
     * @param changes what it changed, in words
     * @param entry where it began
     * @param configurationSha256 of its settings, as in its manifest
     * @param manifestSha256 of its export's manifest, which has the hash of every file
     * @param counts rows by verdict
     * @param gates which gates were open: keep, flip, both or none
     * @param notRecorded calls to which no answer was recorded
     * @param prints what its topics held
     */
    record Ended(
            String changes,
            String entry,
            String configurationSha256,
            String manifestSha256,
            TreeMap<String, Long> counts,
            String gates,
            long notRecorded,
            TreeMap<String, TopicPrint> prints) {}

    /** Topics that hold other facts than the base, by name; the base's replay counts where it holds any, else the run itself. */
    List<String> differing(String variant) {
        Ended ended = variants.get(variant);
        Ended replayed = variant.equals(Variant.BASE) ? null : variants.get(Variant.BASE);
        List<String> names = new ArrayList<>();
        if (ended != null) {
            ended.prints().forEach((topic, print) -> {
                TopicPrint other = replayed == null ? null : replayed.prints().get(topic);
                TopicPrint from = other == null || other.records() == 0 ? base.get(topic) : other;
                if (print.records() > 0 && !print.equals(from)) {
                    names.add(topic);
                }
            });
        }
        return names;
    }

    /**
     * What an output folder holds of an ablation; {@code fresh} when it holds none.
     *
     * @throws UserError when it is another ablation's
     */
    static AblationState of(Path out, AblationState fresh) {
        Path file = file(out);
        if (!Files.exists(file)) {
            return fresh;
        }
        try {
            AblationState found = JSON.readValue(file.toFile(), AblationState.class);
            if (!found.planSha256.equals(fresh.planSha256) || found.run != fresh.run) {
                throw new UserError(out + " holds the ablation " + found.plan + " of run " + found.run
                        + " with other variants, range or partitions: use another --out, or remove " + file);
            }
            return found;
        } catch (IOException e) {
            throw new UserError(file + " cannot be read (" + e.getMessage() + "): remove it to begin anew");
        }
    }

    /** Writes it aside and gives it its name. */
    void write(Path out) throws IOException {
        Path aside = out.resolve(".ablation.json");
        Files.writeString(aside, JSON.writeValueAsString(this) + "\n");
        Files.move(aside, file(out), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file(Path out) {
        return out.resolve("ablation.json");
    }
}
