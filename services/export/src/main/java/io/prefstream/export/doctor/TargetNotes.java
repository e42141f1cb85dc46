package io.prefstream.export.doctor;

import io.prefstream.export.view.Target;
import org.jspecify.annotations.Nullable;

/** Takes what is found in a row for one trainer, or for every one (null). */
@FunctionalInterface
interface TargetNotes {
    void add(@Nullable Target target, Effect effect, String field);
}
