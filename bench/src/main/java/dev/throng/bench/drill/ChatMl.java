package dev.throng.bench.drill;

import dev.throng.backend.Prompt;
import dev.throng.ollamasim.SimulatedText;

/** The template of the simulator and of SmolLM2. */
final class ChatMl {
  static final String ASKED = "Question: ";
  private static final String END = "<|im_end|>";

  private ChatMl() {}

  /** What a backend is sent for a prompt, up to where its answer begins. */
  static String raw(Prompt prompt) {
    return "<|im_start|>system\n%s<|im_end|>\n<|im_start|>user\n%s<|im_end|>\n%s"
        .formatted(prompt.system(), prompt.user(), SimulatedText.ASSISTANT);
  }

  /** The question in a prompt that the server has made, which stands behind its passages. */
  static String question(String raw) {
    int start = raw.lastIndexOf(ASKED) + ASKED.length();
    return raw.substring(start, raw.indexOf(END, start));
  }
}
