/** Writing the files of an export; no rule. */
@NullMarked
package io.prefstream.export.client;

import org.jspecify.annotations.NullMarked;
