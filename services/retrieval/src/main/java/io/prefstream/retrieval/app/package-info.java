/** Where the runner takes retrieval's topology from; it holds no rule. */
@NullMarked
package io.prefstream.retrieval.app;

import org.jspecify.annotations.NullMarked;
