/** Reads users' files row by row, however they are packed; decides nothing about a row that could be read. */
@NullMarked
package io.prefstream.ingest.client;

import org.jspecify.annotations.NullMarked;
