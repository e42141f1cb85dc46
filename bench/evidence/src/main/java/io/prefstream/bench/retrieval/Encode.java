package io.prefstream.bench.retrieval;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Encodes the corpus that the other programs read. Usage: {@code Encode POOLS CORPUS PAIRS_PER_SET}. */
public final class Encode {

    private Encode() {}

    /** Encodes, unless the file is there, and says what it holds. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: Encode POOLS CORPUS PAIRS_PER_SET");
            System.exit(2);
        }
        List<Corpus.Item> items =
                Corpus.of(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        Map<String, Long> strata = items.stream()
                .collect(Collectors.groupingBy(
                        item -> item.set() + ", " + item.category() + "/" + item.objectivity() + "/"
                                + item.controversiality(),
                        TreeMap::new,
                        Collectors.counting()));
        strata.forEach((stratum, pairs) -> System.out.println(stratum + ": " + pairs));
        System.exit(0); // the encoder's native threads would hold the JVM
    }
}
