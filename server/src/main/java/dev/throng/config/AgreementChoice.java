package dev.throng.config;

/** What a replica does that works with something else than those that were there before. */
public enum AgreementChoice {
  /** It is not ready. */
  REQUIRE,
  /** It says so in the log. */
  WARN
}
