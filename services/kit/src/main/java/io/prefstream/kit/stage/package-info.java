/** What every stage's topology is made of; it knows no single stage. */
@NullMarked
package io.prefstream.kit.stage;

import org.jspecify.annotations.NullMarked;
