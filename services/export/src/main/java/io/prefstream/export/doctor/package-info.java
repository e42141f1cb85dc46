/** Finds what trainers would silently do wrong with files of preferences. Opens no file of rows: rows come from who calls. */
@NullMarked
package io.prefstream.export.doctor;

import org.jspecify.annotations.NullMarked;
