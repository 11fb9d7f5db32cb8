/**
 * Chunks in a Chroma server that replicas share, through its REST API (v2). It supports only vector
 * search, and searches are sent in batches.
 */
@NullMarked
package dev.throng.store.chroma;

import org.jspecify.annotations.NullMarked;
