package dev.throng.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a job is. */
public enum JobState {
  QUEUED,
  PARSING,
  CHUNKING,
  EMBEDDING,
  /** All is written; the next publish shows it. */
  PUBLISHING,
  DONE,
  FAILED,
  CANCELLED;

  /** The state of that name, as {@link #code} writes it. */
  public static Optional<JobState> of(String code) {
    return Arrays.stream(values()).filter(state -> state.code().equals(code)).findFirst();
  }

  /** Its name as clients and the database see it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing happens to it any more by itself. */
  public boolean isFinished() {
    return this == DONE || this == FAILED || this == CANCELLED;
  }
}
