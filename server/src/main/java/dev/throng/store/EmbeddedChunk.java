package dev.throng.store;

import dev.throng.core.Chunk;
import dev.throng.core.Embedding;

/** A chunk with the embedding of its {@link Chunk#searchText}. */
public record EmbeddedChunk(Chunk chunk, Embedding embedding) {}
