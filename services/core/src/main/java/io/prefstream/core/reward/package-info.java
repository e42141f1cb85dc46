/** The statistical models of curation: heads, built-in votes and calibration; it does no input or output. */
@NullMarked
package io.prefstream.core.reward;

import org.jspecify.annotations.NullMarked;
