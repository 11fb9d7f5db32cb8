package dev.throng.answer;

import dev.throng.backend.Prompt;
import dev.throng.core.Source;
import java.util.List;

/**
 * A prompt with the sources that its numbers stand for.
 *
 * @param sources in the order of their numbers, none cited yet
 */
record AssembledPrompt(Prompt prompt, List<Source> sources) {}
