package dev.throng.answer;

/** Names the template that prompts are made from. */
public final class PromptVersion {
  private PromptVersion() {}

  /** Changes with the template. */
  public static String get() {
    return PromptAssembler.VERSION;
  }
}
