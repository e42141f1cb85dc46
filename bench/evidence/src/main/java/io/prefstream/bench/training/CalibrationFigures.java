package io.prefstream.bench.training;

import io.prefstream.core.bias.Trait;
import io.prefstream.core.bias.TraitBias;
import io.prefstream.core.calibration.Calibration;
import io.prefstream.core.stats.Folds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what the product finds in a file of labels, for bench/calibration.py to hold against other packages: lines of {@code
 * margin TAB right (0, 1) TAB fold TAB trait} in, figures parted by tabs out.
 */
public final class CalibrationFigures {

    private CalibrationFigures() {}

    /** Reads the file that the argument names, and prints to standard output. */
    public static void main(String[] arguments) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(arguments[0]), StandardCharsets.UTF_8);
        double[] margins = new double[lines.size()];
        boolean[] right = new boolean[margins.length];
        int[] folds = new int[margins.length];
        double[] traits = new double[margins.length];
        for (int i = 0; i < margins.length; i++) {
            String[] of = lines.get(i).split("\t", -1);
            margins[i] = Double.parseDouble(of[0]);
            right[i] = of[1].equals("1");
            folds[i] = Integer.parseInt(of[2]);
            traits[i] = Double.parseDouble(of[3]);
        }
        Map<String, Double> figures = new TreeMap<>(
                Calibration.of(margins, right, folds, Folds.DEFAULT).metrics());
        figures.putAll(TraitBias.of(traits, margins, traits, margins, right).metrics(Trait.LENGTH));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        figures.forEach((name, figure) -> out.println(name + "\t" + figure));
        out.flush();
    }
}
