package dev.throng.catalog;

import dev.throng.core.Hash;

/**
 * A client's name for a request that it may send again without knowing whether it arrived.
 *
 * @param key what the client chose
 * @param request the hash of all that was sent; the same key with something else is an error
 */
public record IdempotencyKey(String key, Hash request) {}
