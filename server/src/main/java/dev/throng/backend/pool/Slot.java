package dev.throng.backend.pool;

/** One slot of one backend, taken for one call. {@link PoolState} gives and takes it back. */
public final class Slot {
  final Member member;
  final boolean isProbe;
  final int promptTokens;
  final long takenNanos;
  final int prefillsWhenTaken;

  /** Whether the call is to show how quick the backend is now. */
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

  /** Which backend, by its id. */
  public int backend() {
    return member.id();
  }

  /** The backend's name. */
  public String name() {
    return member.name();
  }

  /** Whether it is for a probe, which must go to this backend. */
  public boolean isProbe() {
    return isProbe;
  }
}
