package dev.throng.catalog;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The state of a job. */
public enum JobState {
  QUEUED,
  PARSING,
  CHUNKING,
  EMBEDDING,
  /** All chunks are written, and the next publish makes them visible. */
  PUBLISHING,
  DONE,
  FAILED,
  CANCELLED;

  /** The states of a job that has not ended. */
  public static final Set<JobState> OPEN =
      Collections.unmodifiableSet(EnumSet.range(QUEUED, PUBLISHING));

  /** Returns the state with that name, in the form of {@link #code}. */
  public static Optional<JobState> of(String code) {
    return Arrays.stream(values()).filter(state -> state.code().equals(code)).findFirst();
  }

  /** Returns its name for clients and in the database. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the job has ended and will not change by itself. */
  public boolean isFinished() {
    return !OPEN.contains(this);
  }
}
