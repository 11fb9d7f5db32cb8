package dev.throng.catalog;

import dev.throng.core.Hash;

/**
 * A document as searches may see it.
 *
 * @param contentHash of the bytes and of the way they were parsed and chunked; it saves work, it
 *     never identifies
 */
public record LiveDocument(
    String id, String uri, String title, Hash contentHash, long version, int chunkCount) {}
