/** What tests of stages share; it is never on a product's class path. */
@NullMarked
package io.prefstream.kittest;

import org.jspecify.annotations.NullMarked;
