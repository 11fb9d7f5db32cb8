package dev.throng.flight;

import dev.throng.core.Answer;
import dev.throng.core.Monitor;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A text that one writer appends to and any number of readers follow, each from its start and at
 * its own pace. A slow reader delays no other. The maximum length of an answer bounds its length.
 */
public final class SharedText {
  /**
   * What a reader received.
   *
   * @param pieces new since the reader's last call; may be empty when the wait timed out
   * @param answer set once the text is complete and all of it was read
   */
  public record Update(List<TextPiece> pieces, @Nullable Answer answer) {}

  private final Monitor monitor = new Monitor();
  private final List<TextPiece> pieces = new ArrayList<>();
  private @Nullable Answer answer;
  private @Nullable ThrongException failure;

  public void append(TextPiece piece) {
    monitor.change(() -> pieces.add(piece));
  }

  /** Ends the text successfully. */
  public void finish(Answer finished) {
    monitor.change(() -> answer = finished);
  }

  /**
   * Ends the text with a failure. Delivered text stays readable. Has no effect on a text that has
   * ended.
   */
  public void fail(ThrongException cause) {
    monitor.change(() -> {
      if (answer == null && failure == null) {
        failure = cause;
      }
    });
  }

  /** Returns all text delivered so far. */
  public String soFar() {
    return monitor.read(() -> pieces.stream().map(TextPiece::text).collect(Collectors.joining()));
  }

  /** Returns whether any text was delivered. */
  public boolean hasText() {
    return monitor.read(() -> !pieces.isEmpty());
  }

  /**
   * Waits for something new after the first {@code read} pieces.
   *
   * @param timeoutNanos maximum wait, after which the update is empty
   * @throws ThrongException the failure that ended the text, once everything delivered before it
   *     was read
   */
  public Update awaitUpdate(int read, long timeoutNanos) throws InterruptedException {
    return monitor.await(
        () -> pieces.size() > read || answer != null || failure != null,
        timeoutNanos,
        () -> update(read));
  }

  private Update update(int read) {
    List<TextPiece> fresh =
        List.copyOf(pieces.subList(Math.min(read, pieces.size()), pieces.size()));
    if (fresh.isEmpty() && failure != null) {
      throw failure;
    }
    return new Update(fresh, answer);
  }

  /**
   * Waits for the end of the text.
   *
   * @throws ThrongException what the text failed with
   */
  public Answer awaitEnd() throws InterruptedException {
    int read = 0;
    while (true) {
      Update update = awaitUpdate(read, Long.MAX_VALUE);
      read += update.pieces().size();
      if (update.answer() != null) {
        return update.answer();
      }
    }
  }
}
