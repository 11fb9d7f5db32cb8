package dev.throng.backend;

import dev.throng.core.Passage;
import java.util.List;

/**
 * What a generator is asked.
 *
 * @param system how to answer
 * @param user the passages, numbered, and the question
 * @param question the question alone
 * @param passages the passages in the order of their numbers
 * @param language of the passages' collection
 */
public record Prompt(
    String system, String user, String question, List<Passage> passages, String language) {}
