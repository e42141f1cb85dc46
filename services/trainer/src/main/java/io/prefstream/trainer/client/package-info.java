/** Reading the facts that training needs; no rule. */
@NullMarked
package io.prefstream.trainer.client;

import org.jspecify.annotations.NullMarked;
