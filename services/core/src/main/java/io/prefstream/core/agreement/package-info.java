/** How far raters agree, and what several of them say together: alpha, kappa, and Dawid and Skene's model. */
@NullMarked
package io.prefstream.core.agreement;

import org.jspecify.annotations.NullMarked;
