package dev.throng.flight;

import dev.throng.core.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * The request of an event stream, so that another replica can continue the stream.
 *
 * @param tenant the client's tenant
 * @param body of the request
 * @param fingerprint of the prompt that its answer is generated from; null while none is known, or
 *     when there is none
 * @param epoch of the documents that its answer is made from; 0 while unknown
 */
public record StreamRecord(
    String tenant, String body, @Nullable Fingerprint fingerprint, long epoch) {}
