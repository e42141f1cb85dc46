/** Which pairs to label next: strategies over what models say of pairs, and quotas of strata. Deterministic, no chance. */
@NullMarked
package io.prefstream.core.select;

import org.jspecify.annotations.NullMarked;
