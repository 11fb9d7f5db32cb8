package dev.throng.backend.pool;

/** One slot of one backend, taken for one call. {@link PoolState} issues and takes back slots. */
public final class Slot {
  final Member member;
  final boolean isProbe;
  final int promptTokens;
  final long takenNanos;
  final int prefillsWhenTaken;

  /** Whether the call is a trial that measures the backend's current speed. */
  final boolean isTrial;

  long firstTokenNanos;
  int levelAtFirstToken;
  boolean hasFirstToken;
  boolean isOver;

  Slot(Member member, boolean isProbe, int promptTokens, long takenNanos) {
    this.member = member;
    this.isProbe = isProbe;
    this.promptTokens = promptTokens;
    this.takenNanos = takenNanos;
    this.prefillsWhenTaken = member.prefills;
    this.isTrial = member.isOnTrial;
  }

  /** Returns the id of the backend. */
  public int backend() {
    return member.id();
  }

  /** Returns the backend's name. */
  public String name() {
    return member.name();
  }

  /** Returns whether it is for a probe, which must go to this backend. */
  public boolean isProbe() {
    return isProbe;
  }
}
