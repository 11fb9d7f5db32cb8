package dev.throng.folder;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of a sync.
 *
 * @param unsettled files that are being written now, left for the next sync
 * @param skipped files of unsupported formats
 * @param failures files that could not be read, each with its reason
 */
public record SyncReport(
    int added,
    int changed,
    int unchanged,
    int removed,
    int chunks,
    int unsettled,
    int skipped,
    List<FileFailure> failures) {
  private static final int SHOWN_FAILURES = 20;

  /** Returns the counts as text. */
  String counts() {
    return "%d added, %d changed, %d removed, %d unchanged, %d being written, %d of other formats"
        .formatted(added, changed, removed, unchanged, unsettled, skipped);
  }

  /** Returns the counts as a sentence, for a job's detail. */
  public String summary() {
    String failed =
        failures.stream()
            .limit(SHOWN_FAILURES)
            .map(failure -> "%s (%s)".formatted(failure.uri(), failure.code().code()))
            .collect(Collectors.joining(", "));
    return "%d added, %d changed, %d removed, %d unchanged, %d not read%s"
        .formatted(
            added,
            changed,
            removed,
            unchanged,
            failures.size(),
            failures.isEmpty() ? "" : ": " + failed);
  }
}
