/** A folder of many published pairs, to measure exports on. */
@NullMarked
package io.prefstream.bench.export;

import org.jspecify.annotations.NullMarked;
