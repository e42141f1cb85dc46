/** Where the runner takes ingest's topology from; it holds no rule. */
@NullMarked
package io.prefstream.ingest.app;

import org.jspecify.annotations.NullMarked;
