package dev.throng.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of the cache is about, for operators who search for it. Hits do not read it.
 *
 * @param question the hash of the question's text only
 * @param fingerprint of the prompt; null for "I don't know", which has none
 * @param validatedAt when it was written
 */
public record AnswerOrigin(
    CollectionRef collection,
    Hash question,
    @Nullable Fingerprint fingerprint,
    Instant validatedAt) {}
