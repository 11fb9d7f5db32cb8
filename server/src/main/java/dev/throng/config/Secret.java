package dev.throng.config;

/**
 * A value that no log and no message may contain.
 *
 * @param value "" for none
 */
public record Secret(String value) {
  public boolean isPresent() {
    return !value.isEmpty();
  }

  @Override
  public String toString() {
    return isPresent() ? "(set)" : "(none)";
  }
}
