/** From files to published chunks: finding changes, parsing, chunking, embedding and publishing. */
@NullMarked
package dev.throng.ingest;

import org.jspecify.annotations.NullMarked;
