package dev.throng.backend.pool;

import java.util.Set;

/**
 * What a call requires of its backend.
 *
 * @param promptTokens approximate length of its prompt
 * @param prefix a hash of the prompt's beginning; a backend that recently had the same one may
 *     still have it in memory
 * @param avoided ids of backends that failed this answer; taken only when no other has a slot
 * @param barred ids of backends that cannot serve it at all
 */
public record Need(int promptTokens, int prefix, Set<Integer> avoided, Set<Integer> barred) {}
