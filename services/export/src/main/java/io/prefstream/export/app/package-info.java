/** From topics to files; no rule. */
@NullMarked
package io.prefstream.export.app;

import org.jspecify.annotations.NullMarked;
