/** The rules on who may use whom; it runs nothing of the product. */
@NullMarked
package io.prefstream.architecture;

import org.jspecify.annotations.NullMarked;
