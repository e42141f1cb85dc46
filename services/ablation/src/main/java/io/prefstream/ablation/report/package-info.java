/** The report of a comparison, as Markdown and as one HTML page; text in memory, no files. */
@NullMarked
package io.prefstream.ablation.report;

import org.jspecify.annotations.NullMarked;
