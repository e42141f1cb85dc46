/** The rules that end a pair, as functions of facts; it reads no clock, file or topic. */
@NullMarked
package io.prefstream.core.verdict;

import org.jspecify.annotations.NullMarked;
