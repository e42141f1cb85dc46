/** Where the runner takes the attribute tagger's topology from; it holds no rule. */
@NullMarked
package io.prefstream.attributetagger.app;

import org.jspecify.annotations.NullMarked;
