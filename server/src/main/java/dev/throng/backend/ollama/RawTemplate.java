package dev.throng.backend.ollama;

import dev.throng.backend.ControlTokens;
import java.util.Optional;

/**
 * A model's chat template, as literal text around its two variable parts. With it a prompt can be
 * sent raw. Only a raw prompt makes a cut-off answer continuable: the same prompt plus the
 * delivered text goes to another backend.
 */
record RawTemplate(String beforeSystem, String between, String behindUser, ControlTokens tokens) {
  /** Words that no template and no tokenizer knows. */
  static final String SYSTEM_PLACEHOLDER = "throngsystemplaceholder";

  static final String USER_PLACEHOLDER = "thronguserplaceholder";

  /**
   * Parses a template.
   *
   * @param rendered the template rendered with both placeholders
   * @return empty unless each placeholder occurs once, in order
   */
  static Optional<RawTemplate> of(String rendered) {
    int system = rendered.indexOf(SYSTEM_PLACEHOLDER);
    int user = rendered.indexOf(USER_PLACEHOLDER);
    boolean isUsable =
        system >= 0
            && user > system
            && rendered.lastIndexOf(SYSTEM_PLACEHOLDER) == system
            && rendered.lastIndexOf(USER_PLACEHOLDER) == user;
    if (!isUsable) {
      return Optional.empty();
    }
    String before = rendered.substring(0, system);
    String between = rendered.substring(system + SYSTEM_PLACEHOLDER.length(), user);
    String behind = rendered.substring(user + USER_PLACEHOLDER.length());
    return Optional.of(
        new RawTemplate(before, between, behind, ControlTokens.of(before + between + behind)));
  }

  String render(String system, String user) {
    return beforeSystem
        + tokens.neutralise(system)
        + between
        + tokens.neutralise(user)
        + behindUser;
  }
}
