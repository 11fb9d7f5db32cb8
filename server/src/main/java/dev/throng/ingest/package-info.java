/**
 * From files to published chunks: finding what changed, parsing, chunking, embedding, publishing.
 */
@NullMarked
package dev.throng.ingest;

import org.jspecify.annotations.NullMarked;
