package dev.throng.backend.pool;

import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.ErrorCode;
import dev.throng.core.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * What of an answer was delivered, where a stop string ends it, and whether it may go on after a
 * failure. State without IO: what is delivered is at any time the beginning of the answer; nothing
 * is taken back, lost or repeated.
 */
public final class Delivery {
  /**
   * Failures in a row without new text before an answer is given up. A backend that cannot be
   * reached or takes no more work does not count: that costs no time, and it is left alone then.
   */
  private static final int MAX_FAILURES_WITHOUT_TEXT = 2;

  private final AnswerLimits limits;
  private final StringBuilder delivered = new StringBuilder();

  /**
   * Received and not delivered: blanks before the first word, half a character, what may be the
   * beginning of a stop string, or all of it from a backend that is held back.
   */
  private final StringBuilder heldBack = new StringBuilder();

  /** Where backends went on, in characters received; a stop string may end the answer before. */
  private final List<Integer> seams = new ArrayList<>();

  private int pieces;
  private int failuresWithoutText;
  private boolean isAllHeldBack;
  private boolean isStopped;

  public Delivery(AnswerLimits limits) {
    this(limits, "");
  }

  /**
   * @param begun what was delivered of the answer before
   */
  Delivery(AnswerLimits limits, String begun) {
    this.limits = limits;
    delivered.append(begun);
  }

  /** A backend begins, or goes on behind what was received. */
  public void begins() {
    int at = receivedLength();
    boolean isKnown = !seams.isEmpty() && seams.getLast() == at;
    if (at > 0 && !isKnown) {
      seams.add(at);
    }
  }

  /**
   * Takes a piece from the backend.
   *
   * @param isHeldBack whether nothing may be delivered before the answer is whole
   * @return what to deliver now, maybe nothing
   */
  public String receive(String piece, boolean isHeldBack) {
    pieces++;
    heldBack.append(piece);
    isAllHeldBack = isHeldBack;
    String undelivered = heldBack.toString();
    int stop = limits.stop().firstIn(undelivered);
    if (stop >= 0) {
      isStopped = true;
      heldBack.setLength(stop);
      return deliver(stop);
    }
    return isHeldBack ? "" : deliver(Math.min(wholeLength(), stopFreeLength(undelivered)));
  }

  /** Whether a stop string came: the answer is whole, whatever the backend makes behind it. */
  public boolean isStopped() {
    return isStopped;
  }

  /** No more comes: what is still to deliver. */
  public String finish() {
    return deliver(wholeLength());
  }

  /**
   * Whether a backend's end is that of an answer: words came, or the backend stopped before the
   * first one, because it was a stop string.
   */
  public boolean isAnswer(Completion end) {
    boolean mayBeStopped = !limits.stop().texts().isEmpty() && end.tokens() > 0;
    return isBegun() || (mayBeStopped && end.finishReason() == FinishReason.STOP);
  }

  /**
   * The backend failed. What may be the beginning of a stop string stays: it is text like any
   * other, and the next backend either completes the stop string or shows that it was none. What
   * nobody can go on with is dropped: half a character, and all of an answer that is to start
   * again.
   *
   * @return whether another one may go on
   */
  public boolean fail(ErrorCode code) {
    heldBack.setLength(isBegun() && !isAllHeldBack ? wholeLength() : 0);
    boolean hasNewText = receivedLength() > (seams.isEmpty() ? 0 : seams.getLast());
    if (hasNewText) {
      failuresWithoutText = 0;
    } else if (code != ErrorCode.BACKEND_UNREACHABLE && code != ErrorCode.BACKEND_BUSY) {
      failuresWithoutText++;
    }
    return failuresWithoutText <= MAX_FAILURES_WITHOUT_TEXT;
  }

  /**
   * Tokens that may still be made, at least 0. A piece may hold several, and a backend that died
   * told no count, so the text counts as the most it can be.
   */
  public int tokensLeft() {
    int used = isBegun() ? Math.max(pieces, Tokens.atMost(received())) : 0;
    return Math.max(0, limits.maxTokens() - used);
  }

  /** The text that a backend goes on behind: what was delivered, and what is held back. */
  public String received() {
    return delivered.toString() + heldBack;
  }

  public boolean isBegun() {
    return !delivered.isEmpty();
  }

  /** The end of the whole, after that of its last part. */
  public Completion completion(Completion last) {
    if (seams.isEmpty()) {
      return last;
    }
    int before = Tokens.estimate(delivered.substring(0, seams.getLast()));
    return new Completion(last.finishReason(), before + last.tokens(), seams());
  }

  /** The end at a stop string; no backend told how many tokens it took to get there. */
  public Completion stopped() {
    return new Completion(FinishReason.STOP, Tokens.estimate(delivered), seams());
  }

  /** The end when no tokens are left. */
  public Completion cut() {
    return new Completion(FinishReason.LENGTH, limits.maxTokens(), seams());
  }

  /** A seam within a stop string is where the text ends. */
  private List<Integer> seams() {
    return seams.stream().map(seam -> Math.min(seam, delivered.length())).distinct().toList();
  }

  private int receivedLength() {
    return delivered.length() + heldBack.length();
  }

  /** Characters held back, but for half of one at their end. */
  private int wholeLength() {
    int length = heldBack.length();
    boolean isHalf = length > 0 && Character.isHighSurrogate(heldBack.charAt(length - 1));
    return isHalf ? length - 1 : length;
  }

  private int stopFreeLength(String undelivered) {
    return undelivered.length() - limits.stop().begunAtEndOf(undelivered);
  }

  /** Blanks alone are no answer yet: nothing of it is delivered before its first word. */
  private String deliver(int length) {
    if (!isBegun() && heldBack.substring(0, length).isBlank()) {
      return "";
    }
    String text = heldBack.substring(0, length);
    heldBack.delete(0, length);
    delivered.append(text);
    return text;
  }
}
