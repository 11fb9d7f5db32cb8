/** The embedded engine: Lucene, with BM25 and vectors in one index with atomic commits. */
@NullMarked
package dev.throng.store.lucene;

import org.jspecify.annotations.NullMarked;
