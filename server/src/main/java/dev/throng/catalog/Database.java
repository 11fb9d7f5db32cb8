package dev.throng.catalog;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;

/** The database of a catalogue. Both implementations pass the same contract test. */
interface Database extends AutoCloseable {
  /** Returns the name of the resource folder with its schema. */
  String migrations();

  /** Returns whether other processes write to it, too. */
  boolean isShared();

  /**
   * Returns the suffix of a SELECT that prevents others from changing its rows before this
   * transaction ends.
   */
  String forUpdate();

  /** Like {@link #forUpdate}, but skips rows that another transaction is changing. */
  String forUpdateUnclaimed();

  /**
   * Prevents concurrent changes of the schema by other processes until the end of the transaction.
   */
  void lockSchema(Handle transaction);

  /**
   * Runs the work, blocking. The number of calls and their time are bounded: excess calls wait, and
   * then fail.
   *
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  <T> T call(HandleCallback<T, RuntimeException> work);

  /** Like {@link #call}, with all reads from one snapshot. */
  <T> T snapshot(HandleCallback<T, RuntimeException> work);

  /** Like {@link #call}, for work that may take many minutes, on a connection of its own. */
  <T> T longRunning(HandleCallback<T, RuntimeException> work);

  /** Like {@link Purges#rewriteFiles}. */
  String rewriteFiles();

  @Override
  void close();
}
