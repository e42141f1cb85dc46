/** The dialect of Jinja in which Hugging Face models state their chat templates; it knows no model and touches nothing outside. */
@NullMarked
package io.prefstream.models.chat.jinja;

import org.jspecify.annotations.NullMarked;
