package dev.throng.jobs;

/**
 * How far the removal of a deleted collection came.
 *
 * @param isComplete whether everything is removed; otherwise the sweep or a purge does the rest
 * @param left what may still hold some of it, and until when; "" for nothing
 */
public record Removal(boolean isComplete, String left) {
  /** For who has nothing that could do it now. */
  static final Removal LATER = new Removal(false, "");
}
