package io.prefstream.export.doctor;

/** A set of 64-bit hashes in 16 bytes or less each, so that millions of rows fit. Two texts with one hash pass for equal. */
final class LongSet {

    private long[] table = new long[1 << 10];
    private boolean zero;
    private int size;

    boolean contains(long value) {
        return value == 0 ? zero : table[slot(table, value)] == value;
    }

    /** Adds a hash; false when it was there. */
    boolean add(long value) {
        if (value == 0) {
            boolean fresh = !zero;
            zero = true;
            return fresh;
        }
        int slot = slot(table, value);
        if (table[slot] == value) {
            return false;
        }
        table[slot] = value;
        if (++size > table.length / 4 * 3) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long value : table) {
            if (value != 0) {
                larger[slot(larger, value)] = value;
            }
        }
        table = larger;
    }

    private static int slot(long[] table, long value) {
        int at = (int) (value ^ (value >>> 32)) & (table.length - 1);
        while (table[at] != 0 && table[at] != value) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }
}
