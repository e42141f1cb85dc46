/** What a preference pair is made of and how it is named; knows no file, no topic and no clock. */
@NullMarked
package io.prefstream.core.pair;

import org.jspecify.annotations.NullMarked;
