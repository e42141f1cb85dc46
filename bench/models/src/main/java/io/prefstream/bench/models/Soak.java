package io.prefstream.bench.models;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.ChatTemplate;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.Hardware;
import io.prefstream.models.reward.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Watches resident memory while texts go through the tokenizer, or through a model.
 *
 * <p>Usage: {@code Soak tokenizer|model FOLDER TEXTS PAIRS.jsonl}. Memory may grow by no more than 5 % between
 * the second and the last fifth of the way, by their means.
 */
public final class Soak {

    private static final double MOST_GROWTH = 0.05;
    private static final int SAMPLES = 50;
    private static final int CALL = 32;
    private static final int MOST_CHARACTERS = 3000; // attention's memory is kept at the size of the longest row

    private Soak() {}

    /** Runs, and ends with 1 when memory grew. */
    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            System.err.println("usage: Soak tokenizer|model FOLDER TEXTS PAIRS.jsonl");
            System.exit(2);
        }
        Path folder = Path.of(args[1]);
        int texts = Integer.parseInt(args[2]);
        List<List<Message>> talks = Talks.read(Path.of(args[3]), 2000);
        List<Long> resident = args[0].equals("model") ? model(folder, texts, talks) : tokenizer(folder, texts, talks);
        double second = mean(resident.subList(SAMPLES / 5, 2 * SAMPLES / 5));
        double last = mean(resident.subList(4 * SAMPLES / 5, SAMPLES));
        boolean flat = last <= second * (1 + MOST_GROWTH);
        System.out.printf(
                Locale.ROOT,
                "%s of %s: second fifth %.1f MiB, last fifth %.1f MiB, %+.1f %%: %s%n",
                args[0],
                folder,
                second / 1024,
                last / 1024,
                100 * (last / second - 1),
                flat ? "flat" : "GROWS");
        System.exit(flat ? 0 : 1);
    }

    private static List<Long> tokenizer(Path folder, int texts, List<List<Message>> talks) throws IOException {
        ChatTemplate template = ChatTemplate.of(folder);
        Random random = new Random(1);
        List<Long> resident = new ArrayList<>();
        long tokens = 0;
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                .optTokenizerPath(folder.resolve("tokenizer.json"))
                .optTruncation(false)
                .optPadding(false)
                .build()) {
            for (int i = 1; i <= texts; i++) {
                List<Message> talk = talks.get(random.nextInt(talks.size()));
                tokens += tokenizer
                        .encode(template.renderForTokenizer(talk), true, false)
                        .getIds()
                        .length;
                sample(resident, i, texts, tokens);
            }
        }
        return resident;
    }

    private static List<Long> model(Path folder, int texts, List<List<Message>> talks) throws IOException {
        Random random = new Random(1);
        List<Long> resident = new ArrayList<>();
        try (DjlRewardModel model = DjlRewardModel.load(ModelFolder.read(folder), Hardware.cpu())) {
            List<List<List<Message>>> pairs = IntStream.range(0, talks.size() / 2)
                    .mapToObj(pair -> talks.subList(2 * pair, 2 * pair + 2))
                    .filter(pair ->
                            pair.stream().mapToInt(Soak::characters).max().orElse(0) < MOST_CHARACTERS)
                    .toList();
            int before = 0;
            for (int done = CALL; before < texts; done += CALL) {
                List<List<Message>> call = new ArrayList<>();
                while (call.size() < CALL) {
                    call.addAll(pairs.get(random.nextInt(pairs.size())));
                }
                model.score(call);
                for (int i = before + 1; i <= Math.min(done, texts); i++) {
                    sample(resident, i, texts, i);
                }
                before = done;
            }
        }
        return resident;
    }

    private static int characters(List<Message> talk) {
        return talk.stream().mapToInt(message -> message.content().length()).sum();
    }

    private static void sample(List<Long> resident, int done, int texts, long counted) throws IOException {
        if ((long) done * SAMPLES / texts > (long) (done - 1) * SAMPLES / texts) {
            resident.add(resident());
            System.out.printf(
                    Locale.ROOT, "%,10d texts %,14d counted %8.1f MiB%n", done, counted, resident.getLast() / 1024.0);
        }
    }

    /** Resident memory in KiB. */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line ->
                        Long.parseLong(Arrays.asList(line.split("\\s+", -1)).get(1)))
                .findFirst()
                .orElseThrow();
    }

    private static double mean(List<Long> values) {
        return values.stream().mapToLong(value -> value).average().orElseThrow();
    }
}
