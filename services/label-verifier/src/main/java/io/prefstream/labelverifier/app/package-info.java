/** Entry of the label verifier; no rule. */
@NullMarked
package io.prefstream.labelverifier.app;

import org.jspecify.annotations.NullMarked;
