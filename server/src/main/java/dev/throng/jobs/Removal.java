package dev.throng.jobs;

/**
 * The result of removing a deleted collection.
 *
 * @param isComplete whether everything is removed; otherwise the sweep or a purge removes the rest
 * @param left what may still contain some of it, and until when; "" for nothing
 */
public record Removal(boolean isComplete, String left) {
  /** The result when nothing can be removed now. */
  public static final Removal LATER = new Removal(false, "");
}
