package dev.throng.flight;

import dev.throng.core.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation of this process: what it is made from, and its text so far. One flight at a time
 * leads it.
 */
final class LocalGeneration {
  /**
   * What a flight has not received yet.
   *
   * @param end null before the end
   */
  record News(String answerId, List<String> pieces, @Nullable FlightEnd end, boolean isLed) {}

  private final Monitor monitor = new Monitor();
  private final List<String> pieces = new ArrayList<>();
  private volatile @Nullable FlightHead head;
  private volatile @Nullable FlightEnd end;
  private boolean isLed;

  /**
   * Makes the caller the leader, unless there is one or the text is complete.
   *
   * @param own used if no flight has led this generation before
   */
  boolean lead(FlightHead own) {
    return monitor.update(() -> {
      if (isLed || hasEnded()) {
        return false;
      }
      if (head == null) {
        head = own;
      }
      isLed = true;
      return true;
    });
  }

  void append(String piece) {
    monitor.change(() -> pieces.add(piece));
  }

  void finish(FlightEnd reached) {
    monitor.change(() -> end = reached);
  }

  /** Makes way for another leader. Must be called by every leader. */
  void release() {
    monitor.change(() -> isLed = false);
  }

  @Nullable FlightHead head() {
    return head;
  }

  boolean hasEnded() {
    return end != null;
  }

  /** Returns what comes after the first {@code known} pieces. */
  News after(int known) {
    return monitor.read(() -> news(known));
  }

  /**
   * Waits for more than the first {@code known} pieces, for the end, or until no flight leads.
   *
   * @param timeoutNanos maximum wait, after which there may be no news
   */
  News await(int known, long timeoutNanos) throws InterruptedException {
    return monitor.await(
        () -> !isLed || hasEnded() || pieces.size() > known, timeoutNanos, () -> news(known));
  }

  private News news(int known) {
    FlightHead started = head;
    return new News(
        started == null ? "" : started.answerId(),
        List.copyOf(pieces.subList(known, pieces.size())),
        end,
        isLed);
  }

  /** Returns the number of characters of all texts, which determines its memory. */
  int chars() {
    int[] chars = {after(0).pieces().stream().mapToInt(String::length).sum()};
    forEachTextOfHead(text -> chars[0] += text.length());
    return chars[0];
  }

  void forEachText(Consumer<String> listener) {
    forEachTextOfHead(listener);
    listener.accept(String.join("", after(0).pieces()));
  }

  private void forEachTextOfHead(Consumer<String> listener) {
    FlightHead started = head;
    if (started != null) {
      listener.accept(started.question());
      listener.accept(started.user());
      started.sources().forEach(source -> source.passage().forEachText(listener));
    }
  }
}
