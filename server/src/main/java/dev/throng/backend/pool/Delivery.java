package dev.throng.backend.pool;

import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * What of an answer was delivered, and whether it may go on after a failure. State without IO: what
 * is delivered is at any time the beginning of the answer; nothing is taken back, lost or repeated.
 */
public final class Delivery {
  /**
   * Failures in a row without new text before an answer is given up. A backend that cannot be
   * reached does not count: that costs no time, and it is not asked again.
   */
  private static final int MAX_FAILURES_WITHOUT_TEXT = 2;

  private final int maxTokens;
  private final StringBuilder delivered = new StringBuilder();

  /**
   * Received and not delivered: half a character, or all of it from a backend that is held back.
   */
  private final StringBuilder heldBack = new StringBuilder();

  private final List<Integer> seams = new ArrayList<>();
  private int pieces;
  private int failuresWithoutText;

  public Delivery(int maxTokens) {
    this.maxTokens = maxTokens;
  }

  /** A backend begins, or goes on behind what was delivered. */
  public void begins() {
    boolean isKnown = !seams.isEmpty() && seams.getLast() == delivered.length();
    if (!delivered.isEmpty() && !isKnown) {
      seams.add(delivered.length());
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
    if (isHeldBack || heldBack.isEmpty()) {
      return "";
    }
    boolean isHalf = Character.isHighSurrogate(heldBack.charAt(heldBack.length() - 1));
    return deliver(heldBack.length() - (isHalf ? 1 : 0));
  }

  /** The backend has finished well: what is still to deliver. */
  public String finish() {
    return deliver(heldBack.length());
  }

  /**
   * The backend failed, and what it was held back for is gone.
   *
   * @return whether another one may go on
   */
  public boolean fail(ErrorCode code) {
    heldBack.setLength(0);
    boolean hasNewText = delivered.length() > (seams.isEmpty() ? 0 : seams.getLast());
    if (hasNewText) {
      failuresWithoutText = 0;
    } else if (code != ErrorCode.BACKEND_UNREACHABLE) {
      failuresWithoutText++;
    }
    return failuresWithoutText <= MAX_FAILURES_WITHOUT_TEXT;
  }

  /**
   * Tokens that may still be made, at least 0. A piece may hold several, and a backend that died
   * told no count, so the delivered text counts as the most it can be.
   */
  public int tokensLeft() {
    int used = delivered.isEmpty() ? 0 : Math.max(pieces, Tokens.atMost(delivered));
    return Math.max(0, maxTokens - used);
  }

  public String delivered() {
    return delivered.toString();
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
    return new Completion(last.finishReason(), before + last.tokens(), List.copyOf(seams));
  }

  /** The end when no tokens are left. */
  public Completion cut() {
    return new Completion(FinishReason.LENGTH, maxTokens, List.copyOf(seams));
  }

  private String deliver(int length) {
    String text = heldBack.substring(0, length);
    heldBack.delete(0, length);
    delivered.append(text);
    return text;
  }
}
