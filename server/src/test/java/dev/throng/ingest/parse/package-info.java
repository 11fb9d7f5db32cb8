/** Tests of reading documents of every format. */
@NullMarked
package dev.throng.ingest.parse;

import org.jspecify.annotations.NullMarked;
