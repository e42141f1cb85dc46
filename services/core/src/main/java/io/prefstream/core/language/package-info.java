/** Whether a text is language at all, so that a reward model's score of it means something. */
@NullMarked
package io.prefstream.core.language;

import org.jspecify.annotations.NullMarked;
