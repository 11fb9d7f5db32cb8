package dev.throng.answer;

/** Identifies the template of prompts. */
public final class PromptVersion {
  private PromptVersion() {}

  /** Returns a value that changes with the template. */
  public static String get() {
    return PromptAssembler.VERSION;
  }
}
