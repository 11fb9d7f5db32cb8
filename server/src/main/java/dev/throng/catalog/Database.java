package dev.throng.catalog;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;

/** Where a catalogue is kept. Both kinds pass the same contract test. */
interface Database extends AutoCloseable {
  /** Names the resource folder of its schema. */
  String migrations();

  /** Whether other processes write to it, too. */
  boolean isShared();

  /**
   * What stands behind a SELECT so that nobody else changes its rows before this transaction ends.
   */
  String forUpdate();

  /** As {@link #forUpdate}, skipping rows that another transaction is changing. */
  String forUpdateUnclaimed();

  /** Keeps the schema from being changed by two processes at once, to the transaction's end. */
  void lockSchema(Handle transaction);

  /**
   * Runs the work, blocking. Bounded in number and time: what comes too much waits, then fails.
   *
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  <T> T call(HandleCallback<T, RuntimeException> work);

  /** As {@link #call}, where all that is read is of one moment. */
  <T> T snapshot(HandleCallback<T, RuntimeException> work);

  /** As {@link #call}, for work that may take many minutes, on a connection of its own. */
  <T> T longRunning(HandleCallback<T, RuntimeException> work);

  /** As {@link Purges#rewriteFiles}. */
  String rewriteFiles();

  @Override
  void close();
}
