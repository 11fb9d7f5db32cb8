package dev.throng.catalog;

import dev.throng.core.Hash;

/**
 * A client's id for a request that it may repeat without knowing whether the request arrived.
 *
 * @param key the value that the client chose
 * @param request the hash of the whole request; the same key with another request is an error
 */
public record IdempotencyKey(String key, Hash request) {}
