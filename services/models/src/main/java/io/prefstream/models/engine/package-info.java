/** DJL's engines before they start; no model. */
@NullMarked
package io.prefstream.models.engine;

import org.jspecify.annotations.NullMarked;
