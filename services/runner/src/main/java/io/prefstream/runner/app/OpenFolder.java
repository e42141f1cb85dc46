package io.prefstream.runner.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;

/** A data folder whose broker and registry answer, be they of this process or of another. */
public interface OpenFolder extends AutoCloseable {

    /** Where clients and tools connect. */
    Installation installation();

    /** Serdes of this installation. */
    Wire wire();

    @Override
    void close();
}
