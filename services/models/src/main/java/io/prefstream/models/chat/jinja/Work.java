package io.prefstream.models.chat.jinja;

/**
 * What one rendering has done so far and where it is, so that a hostile template neither hangs nor fills the memory.
 */
final class Work {

    private static final long MOST_STEPS = 20_000_000;
    private static final long MOST_CHARACTERS = 64L << 20;
    private static final long MOST_READ = 1L << 30;
    private static final int MOST_DEPTH = 300;

    /** What a place in a list or dict counts for, in characters. */
    private static final int PLACE = 16;

    private int line = 1;
    private long steps;
    private long characters;
    private long read;
    private int depth;

    void at(int line) {
        this.line = line;
    }

    TemplateFault fault(String message) {
        return new TemplateFault(line, message);
    }

    void step() {
        steps(1);
    }

    void steps(long done) {
        steps += done;
        if (steps > MOST_STEPS) {
            throw fault("it takes more than " + MOST_STEPS + " steps to render");
        }
    }

    /** Counts characters that are looked at and not copied. */
    void read(long characters) {
        read += characters;
        if (read > MOST_READ) {
            throw fault("it looks at more than " + MOST_READ + " characters of text");
        }
    }

    /** Counts text before or as it is made. */
    void characters(long made) {
        characters += made;
        if (characters > MOST_CHARACTERS) {
            throw fault("it makes more than " + MOST_CHARACTERS + " characters of text");
        }
    }

    /** Counts places of lists and dicts before they are made. */
    void places(long made) {
        characters(Math.multiplyExact(Math.min(made, Integer.MAX_VALUE), (long) PLACE));
    }

    void enter() {
        step();
        if (++depth > MOST_DEPTH) {
            throw fault("expressions, blocks, macros or values are more than " + MOST_DEPTH + " deep in each other");
        }
    }

    void leave() {
        depth--;
    }
}
