/** One process with broker, registry and stages; no rule. */
@NullMarked
package io.prefstream.runner.app;

import org.jspecify.annotations.NullMarked;
