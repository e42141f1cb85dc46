package io.prefstream.runner.ablate;

import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What an ablation compares.
 *
 * @param name lower-case letters, digits and hyphens
 * @param about what it is to show; empty when the plan does not say
 * @param holdOut share of the human-labelled prompts that no variant sees, for testing reward models, 0..1
 * @param sizes shares of what was curated at which models are trained, rising, each over 0 and at most 1
 * @param seeds training seeds, 2 or more
 * @param variants what is changed, the base first
 */
record Plan(String name, String about, double holdOut, List<Double> sizes, int seeds, List<Variant> variants) {

    private static final Set<String> KEYS = Set.of("name", "about", "hold-out", "sizes", "seeds", "variants");
    private static final Set<String> OWN =
            Set.of("pairs.share", "labels.share", "labels.only", "labels.without", "replay.from");
    private static final List<Double> SIZES = List.of(0.2, 0.4, 0.6, 0.8, 1.0);
    private static final int SEEDS = 5;
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,39}";

    /**
     * Reads a plan.
     *
     * @throws UserError naming the file, the key and the cure
     */
    static Plan read(Path file) {
        try {
            String name = file.getFileName() == null ? "" : file.getFileName().toString();
            return parse(file.toString(), name.replaceFirst("\\.ya?ml$", ""), Files.readString(file));
        } catch (IOException e) {
            throw new UserError("cannot read the plan " + file + ": " + e.getMessage());
        }
    }

    /** Reads a plan from text; {@code name} is its name if it says none. */
    static Plan parse(String file, String name, String text) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        Map<?, ?> plan;
        try {
            Object read = new Yaml(new SafeConstructor(strict)).load(text);
            if (!(read instanceof Map<?, ?> map)) {
                throw new UserError(file + ": a plan is a map with the key variants", 2);
            }
            plan = map;
        } catch (YAMLException e) {
            throw new UserError(file + " is no YAML: " + e.getMessage(), 2);
        }
        for (Object key : plan.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw new UserError(
                        file + ": there is no key " + key + ": a plan has " + String.join(", ", new TreeSet<>(KEYS)),
                        2);
            }
        }
        String named = text(plan, "name", name);
        requireName(file, "name", named);
        double holdOut = number(file, "hold-out", plan.get("hold-out"), 0);
        if (holdOut < 0 || holdOut > 0.9) {
            throw new UserError(file + ": hold-out must be 0 to 0.9, got " + holdOut, 2);
        }
        List<Variant> variants = variants(file, plan.get("variants"), holdOut > 0);
        return new Plan(
                named,
                text(plan, "about", "").strip(),
                holdOut,
                sizes(file, plan.get("sizes")),
                seeds(file, plan.get("seeds")),
                variants);
    }

    private static List<Variant> variants(String file, @Nullable Object given, boolean heldOut) {
        if (!(given instanceof Map<?, ?> map)) {
            throw new UserError(
                    file + ": variants must map names to what they change, such as stricter: {keep: 0.9}", 2);
        }
        Map<String, Variant> all = new LinkedHashMap<>();
        Entry earliest = heldOut || map.isEmpty() ? Entry.ROUNDS : Entry.VERDICTS;
        for (Map.Entry<?, ?> one : map.entrySet()) {
            String name = String.valueOf(one.getKey());
            requireName(file, "variants." + name, name);
            if (name.equals(Variant.BASE)) {
                throw new UserError(file + ": the name base is the unchanged run's: give the variant another", 2);
            }
            if (!(one.getValue() instanceof Map<?, ?> changes) || changes.isEmpty()) {
                throw new UserError(file + ": variants." + name + " must be a map of what it changes", 2);
            }
            Variant variant = variant(file, name, changes);
            earliest = earliest.or(variant.entry());
            all.put(name, heldOut ? variant.from(variant.entry().or(Entry.ROUNDS)) : variant);
        }
        List<Variant> found = new ArrayList<>();
        found.add(Variant.base(earliest));
        found.addAll(all.values());
        return List.copyOf(found);
    }

    private static Variant variant(String file, String name, Map<?, ?> changes) {
        Map<String, String> settings = new TreeMap<>();
        Entry entry = Entry.VERDICTS;
        for (Map.Entry<?, ?> change : changes.entrySet()) {
            String key = String.valueOf(change.getKey());
            String where = file + ": variants." + name + "." + key;
            if (OWN.contains(key)) {
                if (!key.equals("replay.from")) {
                    entry = entry.or(Entry.ROUNDS);
                }
                continue;
            }
            Setting<?> setting = Setting.named(key)
                    .filter(s -> s.use() == Setting.Use.RUN || s.use() == Setting.Use.JUDGED_RUN)
                    .orElseThrow(() -> new UserError(
                            where + ": no setting of a run has this name; it is one of " + String.join(", ", known()),
                            2));
            String value = change.getValue() == null ? "" : String.valueOf(change.getValue());
            if (!value.isEmpty()) {
                try {
                    value = String.valueOf(setting.parser().apply(value));
                } catch (IllegalArgumentException e) {
                    throw new UserError(where + " = " + value + " " + e.getMessage(), 2);
                }
            }
            settings.put(key, value);
            entry = entry.or(Entry.of(key));
        }
        Object from = changes.get("replay.from");
        if (from != null) {
            Entry asked = null;
            for (Entry each : Entry.values()) {
                asked = each.word().equals(from) ? each : asked;
            }
            if (asked == null || asked.compareTo(entry) > 0) {
                throw new UserError(
                        file + ": variants." + name
                                + ".replay.from must be input, rounds or verdicts, and not later than " + entry.word()
                                + ", where this change first matters",
                        2);
            }
            entry = asked;
        }
        return new Variant(
                name,
                settings,
                share(file, name, "pairs.share", changes.get("pairs.share")),
                new Variant.Labels(
                        words(changes.get("labels.only")),
                        words(changes.get("labels.without")),
                        share(file, name, "labels.share", changes.get("labels.share"))),
                entry);
    }

    private static List<String> known() {
        List<String> all = new ArrayList<>(new TreeSet<>(OWN));
        Setting.OF_A_RUN.stream()
                .filter(s -> s.use() == Setting.Use.RUN || s.use() == Setting.Use.JUDGED_RUN)
                .map(Setting::name)
                .sorted()
                .forEach(all::add);
        return all;
    }

    private static double share(String file, String variant, String key, @Nullable Object value) {
        double share = number(file, "variants." + variant + "." + key, value, 1);
        if (!(share > 0 && share <= 1)) {
            throw new UserError(file + ": variants." + variant + "." + key + " must be over 0 and at most 1", 2);
        }
        return share;
    }

    private static List<String> words(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        List<?> list =
                value instanceof List<?> l ? l : List.of(String.valueOf(value).split(",", -1));
        return list.stream().map(String::valueOf).map(String::strip).toList();
    }

    private static List<Double> sizes(String file, @Nullable Object value) {
        if (value == null) {
            return SIZES;
        }
        List<Double> sizes = new ArrayList<>();
        for (Object one : value instanceof List<?> list ? list : List.of(value)) {
            sizes.add(number(file, "sizes", one, 1));
        }
        for (int i = 0; i < sizes.size(); i++) {
            if (!(sizes.get(i) > 0 && sizes.get(i) <= 1) || (i > 0 && sizes.get(i) <= sizes.get(i - 1))) {
                throw new UserError(file + ": sizes must rise, each over 0 and at most 1, as in [0.25, 0.5, 1]", 2);
            }
        }
        return List.copyOf(sizes);
    }

    private static int seeds(String file, @Nullable Object value) {
        double seeds = number(file, "seeds", value, SEEDS);
        if (seeds != Math.rint(seeds) || seeds < 2 || seeds > 100) {
            throw new UserError(file + ": seeds must be a whole number from 2 to 100, since one has no spread", 2);
        }
        return (int) seeds;
    }

    private static double number(String file, String key, @Nullable Object value, double standard) {
        if (value == null) {
            return standard;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new UserError(file + ": " + key + " must be a number, got " + value, 2);
    }

    private static String text(Map<?, ?> plan, String key, String standard) {
        Object value = plan.get(key);
        return value == null ? standard : Objects.toString(value);
    }

    private static void requireName(String file, String key, String name) {
        if (!name.matches(NAME)) {
            throw new UserError(
                    file + ": " + key + ": a name has lower-case letters, digits and hyphens, at most 40, got \"" + name
                            + "\"",
                    2);
        }
    }
}
