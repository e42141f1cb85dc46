/** How the attribute tagger's topics, store and processor are wired; it decides nothing about a pair. */
@NullMarked
package io.prefstream.attributetagger.topology;

import org.jspecify.annotations.NullMarked;
