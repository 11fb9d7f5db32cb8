package dev.throng.cache;

import dev.throng.core.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * What an event stream was asked for, so that another replica can go on with it.
 *
 * @param tenant who asked
 * @param body of the request
 * @param fingerprint of the prompt that its answer is made from; null while none is known, or when
 *     there is none
 * @param epoch of the documents that its answer is made from; 0 while none is known
 */
public record StreamRecord(
    String tenant, String body, @Nullable Fingerprint fingerprint, long epoch) {}
