/** What keeps bad pairs out: near-duplicates, benchmark items and personal data; pure functions of texts. */
@NullMarked
package io.prefstream.core.cleaning;

import org.jspecify.annotations.NullMarked;
