/** The text encoder and what goes into it; it knows no topic and no stage. */
@NullMarked
package io.prefstream.models.encoder;

import org.jspecify.annotations.NullMarked;
