package dev.throng.bench.rig;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Questions that were never asked before. Used by many threads. */
public final class NewQuestions {
  private final List<String> texts;
  private final String kind;
  private final AtomicLong number = new AtomicLong();

  /**
   * Creates the questions.
   *
   * @param texts questions that are asked in turn, each time with another number
   * @param kind a word that distinguishes them from those of other loads
   */
  public NewQuestions(List<String> texts, String kind) {
    this.texts = List.copyOf(texts);
    this.kind = kind;
  }

  public String next() {
    long next = number.getAndIncrement();
    return "%s (%s %d)".formatted(texts.get((int) (next % texts.size())), kind, next);
  }

  /** Returns how many were asked. */
  public int asked() {
    return Math.toIntExact(number.get());
  }
}
