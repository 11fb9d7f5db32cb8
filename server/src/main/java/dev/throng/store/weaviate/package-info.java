/**
 * Chunks in a Weaviate cluster: classes of ours, a tenant for each of ours, searched by GraphQL.
 */
@NullMarked
package dev.throng.store.weaviate;

import org.jspecify.annotations.NullMarked;
