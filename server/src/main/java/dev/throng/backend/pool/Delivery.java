package dev.throng.backend.pool;

import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.ErrorCode;
import dev.throng.core.TokenCount;
import dev.throng.core.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * The delivered part of an answer: where a stop string ends it, and whether it may continue after a
 * failure. State without I/O. The delivered text is always a prefix of the answer: nothing is
 * withdrawn, lost or repeated.
 */
public final class Delivery {
  /**
   * Maximum number of consecutive failures without new text before an answer fails. A backend that
   * cannot be reached or is overloaded does not count, because that costs no time and the backend
   * is then left alone.
   */
  private static final int MAX_FAILURES_WITHOUT_TEXT = 2;

  private final AnswerLimits limits;
  private final StringBuilder delivered = new StringBuilder();

  /**
   * Text that was received and not delivered: blanks before the first word, half a surrogate pair,
   * the possible beginning of a stop string, or all text of a backend that is held back.
   */
  private final StringBuilder heldBack = new StringBuilder();

  /**
   * Positions at which backends continued, in received characters. A stop string may end the answer
   * before them.
   */
  private final List<Integer> seams = new ArrayList<>();

  private int pieces;
  private int failuresWithoutText;
  private boolean isAllHeldBack;
  private boolean isStopped;

  public Delivery(AnswerLimits limits) {
    this(limits, "");
  }

  /**
   * Creates a delivery that continues an answer.
   *
   * @param partialText the part of the answer that was already delivered
   */
  Delivery(AnswerLimits limits, String partialText) {
    this.limits = limits;
    delivered.append(partialText);
  }

  /** Called when a backend starts, or continues after the received text. */
  public void begins() {
    int at = receivedLength();
    boolean isKnown = !seams.isEmpty() && seams.getLast() == at;
    if (at > 0 && !isKnown) {
      seams.add(at);
    }
  }

  /**
   * Accepts a piece from the backend.
   *
   * @param isHeldBack whether nothing may be delivered before the answer is complete
   * @return the text to deliver now, which may be empty
   */
  public String append(String piece, boolean isHeldBack) {
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

  /**
   * Returns whether a stop string was found. The answer is complete then, whatever else the backend
   * generates.
   */
  public boolean isStopped() {
    return isStopped;
  }

  /** Returns the text that is still to be delivered at the end. */
  public String finish() {
    return deliver(wholeLength());
  }

  /**
   * Returns whether a backend's end is the end of an answer: it generated text, or it stopped
   * before the first word because of a stop string.
   */
  public boolean isAnswer(Completion end) {
    boolean mayBeStopped = !limits.stop().texts().isEmpty() && end.tokens().generated() > 0;
    return isBegun() || (mayBeStopped && end.finishReason() == FinishReason.STOP);
  }

  /**
   * Records a failure of the backend. The possible beginning of a stop string is kept, because it
   * is text like any other: the next backend either completes the stop string or shows that it was
   * none. Text that cannot be continued is dropped: half a surrogate pair, and all text of an
   * answer that must start again.
   *
   * @return whether another backend may continue
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
   * Returns how many tokens may still be generated, at least 0. A piece may contain several tokens,
   * and a backend that died reported no count, so the text counts as the maximum it can be.
   */
  public int tokensLeft() {
    int used = isBegun() ? Math.max(pieces, Tokens.atMost(received())) : 0;
    return Math.max(0, limits.maxTokens() - used);
  }

  /** Returns the text after which a backend continues: the delivered and the held-back text. */
  public String received() {
    return delivered.toString() + heldBack;
  }

  public boolean isBegun() {
    return !delivered.isEmpty();
  }

  /** Returns the end of the whole answer from the end of its last part. */
  public Completion completion(Completion last) {
    if (seams.isEmpty()) {
      return last;
    }
    int before = Tokens.estimate(delivered.substring(0, seams.getLast()));
    TokenCount tokens = new TokenCount(last.tokens().prompt(), before + last.tokens().generated());
    return new Completion(last.finishReason(), tokens, seams());
  }

  /** Returns the end at a stop string. No backend reported how many tokens it took to get there. */
  public Completion stopped() {
    return new Completion(
        FinishReason.STOP, TokenCount.ofText(Tokens.estimate(delivered)), seams());
  }

  /** Returns the end when no tokens are left. */
  public Completion cut() {
    return new Completion(FinishReason.LENGTH, TokenCount.ofText(limits.maxTokens()), seams());
  }

  /** Returns the seams. A seam within a stop string is moved to the end of the text. */
  private List<Integer> seams() {
    return seams.stream().map(seam -> Math.min(seam, delivered.length())).distinct().toList();
  }

  private int receivedLength() {
    return delivered.length() + heldBack.length();
  }

  /** Returns the number of held-back characters, without half a surrogate pair at their end. */
  private int wholeLength() {
    int length = heldBack.length();
    boolean isHalf = length > 0 && Character.isHighSurrogate(heldBack.charAt(length - 1));
    return isHalf ? length - 1 : length;
  }

  private int stopFreeLength(String undelivered) {
    return undelivered.length() - limits.stop().begunAtEndOf(undelivered);
  }

  /**
   * Delivers text. Blanks alone are not an answer yet, so nothing is delivered before the first
   * word.
   */
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
