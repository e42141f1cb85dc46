/** Hash order, folds, intervals and selection: deterministic arithmetic that knows no labels, files or topics. */
@NullMarked
package io.prefstream.core.stats;

import org.jspecify.annotations.NullMarked;
