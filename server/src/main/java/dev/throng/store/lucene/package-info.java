/** The embedded engine: Lucene, BM25 and vectors in one index with one atomic commit. */
@NullMarked
package dev.throng.store.lucene;

import org.jspecify.annotations.NullMarked;
