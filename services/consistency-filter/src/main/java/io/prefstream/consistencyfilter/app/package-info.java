/** Entry of the consistency filter; no rule. */
@NullMarked
package io.prefstream.consistencyfilter.app;

import org.jspecify.annotations.NullMarked;
