/** How reward models are scored on public benchmarks: each owner's formula over scores that are already there. */
@NullMarked
package io.prefstream.core.benchmark;

import org.jspecify.annotations.NullMarked;
