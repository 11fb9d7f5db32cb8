/** Converts documents of many formats into one form: text with structure. */
@NullMarked
package dev.throng.ingest.parse;

import org.jspecify.annotations.NullMarked;
