package dev.throng.catalog;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

  /** Those in which a job has not ended. */
  public static final Set<JobState> OPEN =
      Collections.unmodifiableSet(EnumSet.range(QUEUED, PUBLISHING));

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
    return !OPEN.contains(this);
  }
}
