/**
 * Chunks in a Weaviate cluster: Throng's own classes with a tenant for each tenant of Throng,
 * searched by GraphQL.
 */
@NullMarked
package dev.throng.store.weaviate;

import org.jspecify.annotations.NullMarked;
