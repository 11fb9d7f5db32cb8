package dev.throng.ollamasim;

import dev.throng.ollamasim.SimSettings.AnswerLength;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The answer to a prompt: a pure function of the prompt and the length settings, so instances with
 * equal settings return the same.
 *
 * <p>The part of a raw prompt up to the end of the last {@code <|im_start|>assistant} line is the
 * seed of the whole answer. Any text after it is the beginning of the answer that is already
 * written. The answer continues right after it, wherever it was cut.
 */
public final class SimulatedText {
  /** The position in a raw prompt where the answer starts. */
  public static final String ASSISTANT = "<|im_start|>assistant\n";

  private static final int MAX_SEAM_CHARS = 40;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * The text of one line of a stream: a token, or several that yield no characters before the last.
   */
  record Piece(String text, int tokens) {}

  private final List<Piece> whole;
  private final String text;
  private final String delivered;

  private SimulatedText(List<Piece> whole, String delivered) {
    this.whole = whole;
    this.text = join(whole);
    this.delivered = delivered;
  }

  static SimulatedText of(String rawPrompt, AnswerLength length) {
    int marker = rawPrompt.lastIndexOf(ASSISTANT);
    int end = marker < 0 ? rawPrompt.length() : marker + ASSISTANT.length();
    SplittableRandom random = new SplittableRandom(hash(rawPrompt, end));
    double drawn = length.medianTokens() * Math.exp(length.sigma() * random.nextGaussian());
    int tokens = (int) Math.round(Math.clamp(drawn, length.minTokens(), length.maxTokens()));
    return new SimulatedText(new Prose(random).write(tokens), rawPrompt.substring(end));
  }

  /** Returns the whole answer to a raw prompt, with or without its beginning at the end. */
  public static String answerTo(String rawPrompt) {
    return answerTo(rawPrompt, AnswerLength.DEFAULT);
  }

  /** Returns the whole answer of an instance with this answer length. */
  public static String answerTo(String rawPrompt, AnswerLength length) {
    return of(rawPrompt, length).text;
  }

  /** Returns the text of the answer's first {@code maxTokens} tokens. */
  public static String answerTo(String rawPrompt, AnswerLength length, int maxTokens) {
    return join(within(of(rawPrompt, length).whole, maxTokens));
  }

  boolean isContinuation() {
    return !delivered.isEmpty();
  }

  /** Whether the prompt ends in text that is not the beginning of the answer. */
  boolean isSeamBroken() {
    return !text.startsWith(delivered);
  }

  /**
   * Shows the delivered part from where it differs from the answer, and the answer's text there.
   */
  String seam() {
    int at = 0;
    while (at < Math.min(text.length(), delivered.length())
        && text.charAt(at) == delivered.charAt(at)) {
      at++;
    }
    return "at %d \"%s\" (expected: \"%s\")"
        .formatted(at, truncate(delivered, at), truncate(text, at));
  }

  private static String truncate(String text, int from) {
    return text.substring(from, Math.min(text.length(), from + MAX_SEAM_CHARS))
        .replace("\n", "\\n");
  }

  /** Returns the text still to be written: the rest after the part in the prompt, or everything. */
  List<Piece> rest() {
    int skip = isSeamBroken() ? 0 : delivered.length();
    List<Piece> rest = new ArrayList<>();
    for (Piece piece : whole) {
      int length = piece.text().length();
      if (skip < length) {
        rest.add(skip == 0 ? piece : new Piece(piece.text().substring(skip), piece.tokens()));
      }
      skip = Math.max(0, skip - length);
    }
    return rest;
  }

  /** Returns the pieces for this many tokens; a piece without its last token yields no text. */
  static List<Piece> within(List<Piece> pieces, int maxTokens) {
    int tokens = 0;
    for (int i = 0; i < pieces.size(); i++) {
      tokens += pieces.get(i).tokens();
      if (tokens > maxTokens) {
        return pieces.subList(0, i);
      }
    }
    return pieces;
  }

  /** Returns the pieces up to the first of the stop sequences, which is left out. */
  static List<Piece> before(List<Piece> pieces, List<String> stops) {
    String text = join(pieces);
    int end =
        stops.stream()
            .filter(stop -> !stop.isEmpty())
            .mapToInt(text::indexOf)
            .filter(at -> at >= 0)
            .min()
            .orElse(text.length());
    List<Piece> kept = new ArrayList<>();
    for (Piece piece : pieces) {
      int length = Math.min(end, piece.text().length());
      if (length > 0) {
        kept.add(new Piece(piece.text().substring(0, length), piece.tokens()));
      }
      end -= length;
    }
    return kept;
  }

  static String join(List<Piece> pieces) {
    StringBuilder text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.text()));
    return text.toString();
  }

  static int tokens(List<Piece> pieces) {
    return pieces.stream().mapToInt(Piece::tokens).sum();
  }

  /** FNV-1a over UTF-16 units. */
  static long hash(String text, int end) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }
}
