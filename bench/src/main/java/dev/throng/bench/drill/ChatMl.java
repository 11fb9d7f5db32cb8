package dev.throng.bench.drill;

import dev.throng.backend.Prompt;
import dev.throng.ollamasim.SimulatedText;

/** The template of the simulator and of SmolLM2. */
final class ChatMl {
  static final String ASKED = "Question: ";
  private static final String END = "<|im_end|>";

  private ChatMl() {}

  /** Returns the text sent to a backend for a prompt, up to where its answer starts. */
  static String raw(Prompt prompt) {
    return "<|im_start|>system\n%s<|im_end|>\n<|im_start|>user\n%s<|im_end|>\n%s"
        .formatted(prompt.system(), prompt.user(), SimulatedText.ASSISTANT);
  }

  /** Returns the question in a prompt from the server, which comes after the passages. */
  static String question(String raw) {
    int start = raw.lastIndexOf(ASKED) + ASKED.length();
    return raw.substring(start, raw.indexOf(END, start));
  }
}
