/** What happens to paid calls when endpoints fail and processes are killed. */
@NullMarked
package io.prefstream.bench.faults;

import org.jspecify.annotations.NullMarked;
