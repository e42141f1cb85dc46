package io.prefstream.models.reward;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import io.prefstream.models.engine.DjlSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is particular to DJL's engines. */
final class Engines {

    /** Engine that runs TorchScript. */
    static final String PYTORCH = "PyTorch";

    private static final String LIBTORCH = "PYTORCH_LIBRARY_PATH";
    private static final Path NVIDIA_DRIVER = Path.of("/proc/driver/nvidia/version");

    private Engines() {}

    /**
     * DJL's engine of this name, started. No library is fetched, and a call keeps to one thread. Libtorch comes from the folder
     * named by PYTORCH_LIBRARY_PATH or from a jar.
     *
     * @throws ModelRefused when the engine's native libraries are missing or of another version
     */
    static Engine start(String name) {
        DjlSetup.apply();
        if (name.equals(PYTORCH)) {
            DjlSetup.setUnlessSet("ai.djl.pytorch.num_threads", "1");
            DjlSetup.setUnlessSet("ai.djl.pytorch.num_interop_threads", "1");
            String libtorch = Utils.getEnvOrSystemProperty(LIBTORCH);
            if (libtorch != null && Utils.getEnvOrSystemProperty("PYTORCH_FLAVOR") == null) {
                DjlSetup.setUnlessSet(
                        "PYTORCH_FLAVOR", flavor(Path.of(libtorch))); // DJL would take one that its jar lacks
            }
        }
        try {
            return Engine.getEngine(name);
        } catch (EngineException | IllegalArgumentException | LinkageError e) {
            throw new ModelRefused("the " + name + " engine cannot start: " + cure(name, e), e);
        }
    }

    /** Which of DJL's bindings fits a libtorch on this machine. */
    private static String flavor(Path libtorch) {
        boolean cuda = Files.exists(libtorch.resolve("libtorch_cuda.so")) && Files.exists(NVIDIA_DRIVER);
        return cuda ? "cu128" : "cpu";
    }

    private static String cure(String name, Throwable error) {
        if (!name.equals(PYTORCH)) {
            return reason(error);
        }
        String wanted = "the lib folder of libtorch 2.7.1, such as Python's site-packages/torch/lib";
        @Nullable String libtorch = Utils.getEnvOrSystemProperty(LIBTORCH);
        if (libtorch == null) {
            return "it found no libtorch. Set " + LIBTORCH + " to " + wanted
                    + ", or start the launcher with PREFSTREAM_PROFILES=pytorch (" + reason(error) + ")";
        }
        return LIBTORCH + " is " + libtorch + ", and must be " + wanted + " (" + reason(error) + ")";
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
