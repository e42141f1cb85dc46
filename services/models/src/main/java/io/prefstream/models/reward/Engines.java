package io.prefstream.models.reward;

/** What is particular to DJL's engines. */
final class Engines {

    private Engines() {}

    /**
     * Keeps the PyTorch engine from fetching libraries, and a call to one thread. Libtorch comes from the folder named by
     * PYTORCH_LIBRARY_PATH or from a jar.
     */
    static void preparePyTorch() {
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("ai.djl.pytorch.num_threads", "1");
        setUnlessSet("ai.djl.pytorch.num_interop_threads", "1");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The innermost message, which says most. */
    static String reason(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
