package dev.throng.answer;

import dev.throng.backend.Prompt;
import dev.throng.core.Source;
import java.util.List;

/**
 * A prompt and the sources that its passage numbers refer to.
 *
 * @param sources in the order of their numbers, none marked as cited yet
 */
record AssembledPrompt(Prompt prompt, List<Source> sources) {}
