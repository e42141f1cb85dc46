package io.prefstream.models.engine;

/** What must be set before DJL starts its first engine. */
public final class DjlSetup {

    private DjlSetup() {}

    /**
     * Keeps DJL from fetching native libraries, and from starting PyTorch beside ONNX Runtime for operations that nobody here
     * asks for. What the command line has set stays.
     */
    public static void apply() {
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("ai.djl.onnx.disable_alternative", "true");
    }

    /** Sets a system property that the command line has not set. */
    public static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
