package io.prefstream.core.select;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The most that strata may take of what is chosen at a time. A pair must find room under every quota that its stratum
 * matches; strata that match none are free. Immutable; any thread.
 */
public final class Quotas {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9})|(\\d{1,3}(?:\\.\\d{1,6})?)%");

    /** No quotas. */
    public static final Quotas NONE = new Quotas(List.of());

    /**
     * One quota.
     *
     * @param strata what the name of a stratum must match
     * @param share most share of what is chosen, 0 to 1; unused when {@code count} is not negative
     * @param count most pairs; negative for a share
     */
    private record Quota(Pattern strata, double share, int count) {
        int of(int wanted) {
            return count >= 0 ? count : (int) Math.floor(share * wanted + 1e-9);
        }
    }

    private final List<Quota> quotas;

    private Quotas(List<Quota> quotas) {
        this.quotas = quotas;
    }

    /**
     * Reads quotas, comma-separated: a stratum ({@code category/objectivity/controversiality}, where {@code *} stands for
     * anything) {@code =} the most pairs, or with {@code %} their share of what is chosen.
     *
     * @throws IllegalArgumentException naming the part that is none
     */
    public static Quotas parse(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        List<Quota> quotas = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int equals = part.lastIndexOf('=');
            String strata = part.substring(0, Math.max(0, equals)).strip();
            var amount = AMOUNT.matcher(part.substring(equals + 1).strip());
            if (strata.isEmpty() || !amount.matches()) {
                throw malformed(part);
            }
            double share = amount.group(2) == null ? 0 : Double.parseDouble(amount.group(2)) / 100;
            if (share > 1) {
                throw malformed(part);
            }
            quotas.add(
                    new Quota(glob(strata), share, amount.group(1) == null ? -1 : Integer.parseInt(amount.group(1))));
        }
        return new Quotas(List.copyOf(quotas));
    }

    private static IllegalArgumentException malformed(String part) {
        return new IllegalArgumentException(
                "must be quotas such as Math/*=30%,*/subjective/high=50, which '" + part.strip() + "' is not");
    }

    private static Pattern glob(String text) {
        return Pattern.compile(
                Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.CASE_INSENSITIVE);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return quotas.isEmpty();
    }

    /**
     * Room for a choice of so many pairs.
     *
     * @param wanted pairs to be chosen, of which shares are taken, rounded down
     */
    public Room room(int wanted) {
        return new Room(quotas, wanted);
    }

    /** What quotas leave free while a choice is made. Not thread-safe. */
    public static final class Room {
        private final List<Quota> quotas;
        private final int[] left;

        private Room(List<Quota> quotas, int wanted) {
            this.quotas = quotas;
            this.left = quotas.stream().mapToInt(quota -> quota.of(wanted)).toArray();
        }

        /** Takes a place for a pair; false, and nothing taken, when one of its quotas is full. */
        public boolean take(Stratum stratum) {
            String name = stratum.toString();
            List<Integer> matching = new ArrayList<>();
            for (int i = 0; i < left.length; i++) {
                if (quotas.get(i).strata.matcher(name).matches()) {
                    if (left[i] == 0) {
                        return false;
                    }
                    matching.add(i);
                }
            }
            matching.forEach(i -> left[i]--);
            return true;
        }
    }
}
