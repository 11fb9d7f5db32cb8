package dev.throng.backend;

import dev.throng.core.Passage;
import java.util.List;

/**
 * The input of a generator.
 *
 * @param system the instructions for the model
 * @param user the numbered passages and the question
 * @param question the question only
 * @param passages the passages in the order of their numbers
 * @param language of the passages' collection
 */
public record Prompt(
    String system, String user, String question, List<Passage> passages, String language) {}
