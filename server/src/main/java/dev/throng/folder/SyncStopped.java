package dev.throng.folder;

/** Thrown when a sync must stop, because another replica does it now or the server is closing. */
final class SyncStopped extends RuntimeException {
  private static final long serialVersionUID = 1;

  SyncStopped() {
    super("a sync was stopped", null, false, false);
  }
}
