package dev.throng.cli;

import java.time.Duration;

/** One moving line on a terminal, or an occasional line otherwise. */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final Duration BETWEEN_FRAMES = Duration.ofMillis(80);

  private final String label;
  private final OutputOptions output;
  private final long startNanos = System.nanoTime();
  private long shownNanos = startNanos;
  private boolean hasLine;

  ProgressBar(String label, OutputOptions output) {
    this.label = label;
    this.output = output;
  }

  void update(int done, int total) {
    long now = System.nanoTime();
    Duration between = output.isTerminal() ? BETWEEN_FRAMES : BETWEEN_LINES;
    if (total == 0 || (done < total && now - shownNanos < between.toNanos())) {
      return;
    }
    shownNanos = now;
    String counts = "%s %d/%d%s".formatted(label, done, total, remaining(done, total, now));
    if (output.isTerminal()) {
      int filled = WIDTH * done / total;
      output.informPart(
          "\r\u001b[K%s%s %s".formatted("█".repeat(filled), "░".repeat(WIDTH - filled), counts));
      hasLine = true;
    } else {
      output.inform(counts);
    }
  }

  @Override
  public void close() {
    if (hasLine) {
      output.informPart("\r\u001b[K");
    }
  }

  private String remaining(int done, int total, long now) {
    double seconds = (now - startNanos) / 1e9;
    if (done == 0 || done == total || seconds < 2) {
      return "";
    }
    return ", about %d s left".formatted(Math.round(seconds / done * (total - done)));
  }
}
