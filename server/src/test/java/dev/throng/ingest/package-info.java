/** Tests of parsing, cutting and publishing documents. */
@NullMarked
package dev.throng.ingest;

import org.jspecify.annotations.NullMarked;
