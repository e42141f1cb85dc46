/** What the language gate lets through of real answers, and stops of made-up attacks. */
@NullMarked
package io.prefstream.bench.language;

import org.jspecify.annotations.NullMarked;
