/** Named counts of an answer's words and structure; no model. */
@NullMarked
package io.prefstream.core.features;

import org.jspecify.annotations.NullMarked;
