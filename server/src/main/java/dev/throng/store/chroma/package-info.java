/**
 * Chunks in a Chroma server that replicas share, through its REST API (v2): vectors alone, searches
 * sent in batches.
 */
@NullMarked
package dev.throng.store.chroma;

import org.jspecify.annotations.NullMarked;
