package io.prefstream.bench.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Time of a piece of work.
 *
 * @param seconds on the wall
 * @param cpu seconds of processor time of this process
 * @param foreign cores that other processes kept busy meanwhile
 */
record Meter(double seconds, double cpu, double foreign) {

    private static final double TICKS = 100; // a second, on Linux everywhere

    /** Work that may fail. */
    interface Work {
        void run() throws Exception;
    }

    static Meter of(Work work) throws Exception {
        double[] before = ticks();
        long started = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - started) / 1e9;
        double[] after = ticks();
        double own = (after[0] - before[0]) / TICKS;
        return new Meter(seconds, own, Math.max(0, (after[1] - before[1]) / TICKS - own) / seconds);
    }

    /** Ticks of this process and of all. */
    private static double[] ticks() throws IOException {
        String self = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = self.substring(self.lastIndexOf(')') + 2).split(" ", -1);
        double own = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        List<Double> all = Arrays.stream(
                        Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1))
                .skip(1)
                .map(Double::valueOf)
                .toList();
        double idle = all.get(3) + all.get(4);
        double busy = all.subList(0, 8).stream().mapToDouble(d -> d).sum() - idle;
        return new double[] {own, busy};
    }
}
