package dev.throng.backend.pool;

import java.util.Set;

/**
 * What a call asks of the backend that gets it.
 *
 * @param promptTokens about how long its prompt is
 * @param prefix a hash of the prompt's beginning: a backend that had the same one lately may still
 *     have it in memory
 * @param avoided backends, by their ids, that failed this very answer: taken only when no other has
 *     a slot
 * @param barred backends that cannot do it at all
 */
public record Need(int promptTokens, int prefix, Set<Integer> avoided, Set<Integer> barred) {}
