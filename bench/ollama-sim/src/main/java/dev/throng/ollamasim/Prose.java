package dev.throng.ollamasim;

import dev.throng.ollamasim.SimulatedText.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Writes meaningless sentences, in pieces like those of a real model. */
final class Prose {
  private static final List<String> WORDS =
      List.of(
          """
          the of and to in a is for on that with as by from at it this are be an or which employees
          request manager days within must may can before after week month year office form approval
          expenses travel policy section team leave account access service contract report customer
          payment order product system data device password review training safety notice period
          work hours agreed written limit amount receipt budget project support ticket response
          backup storage network server license document version process department meeting room
          remote home insurance health parental holiday part full time minimum maximum every each
          between during until without under over first second third two three four five ten
          """
              .strip()
              .split("\\s+"));

  /**
   * Words of several tokens, and pieces of several tokens; the first piece has the leading space.
   */
  private static final List<List<Piece>> RARE =
      List.of(
          List.of(new Piece(" caf", 1), new Piece("é", 1)),
          List.of(new Piece(" na", 1), new Piece("ï", 1), new Piece("ve", 1)),
          List.of(new Piece(" Z", 1), new Piece("ü", 1), new Piece("rich", 1)),
          List.of(new Piece(" \u65e5", 1), new Piece("\u672c", 1), new Piece("\u8a9e", 2)),
          List.of(new Piece(" \u6771\u4eac", 3)),
          List.of(new Piece(" \ud83d\ude42", 3)),
          List.of(new Piece(" \ud83d\udcc4", 2), new Piece(" \u2192", 1)));

  private static final int FEWEST_WORDS = 5;
  private static final int MOST_WORDS = 16;
  private static final int HIGHEST_CITATION = 12;

  private final SplittableRandom random;
  private final List<Piece> pieces = new ArrayList<>();
  private int tokens;

  Prose(SplittableRandom random) {
    this.random = random;
  }

  /** Writes at least this many tokens, and the few more that end the last sentence. */
  List<Piece> write(int atLeastTokens) {
    boolean isLineStart = true;
    while (tokens < atLeastTokens) {
      sentence(isLineStart, atLeastTokens);
      isLineStart = tokens < atLeastTokens && percent(15);
      if (isLineStart) {
        add(percent(60) ? "\n\n" : "\n");
      }
    }
    return List.copyOf(pieces);
  }

  private void sentence(boolean isLineStart, int atLeastTokens) {
    int words = random.nextInt(FEWEST_WORDS, MOST_WORDS);
    for (int i = 0; i < words && (i == 0 || tokens < atLeastTokens); i++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      if (i == 0) {
        String capital = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        add(isLineStart ? capital : " " + capital);
      } else if (percent(4)) {
        RARE.get(random.nextInt(RARE.size())).forEach(this::add);
      } else {
        if (percent(7)) {
          add(",");
        }
        add(" " + word);
      }
    }
    if (percent(50)) {
      citation();
    }
    add(".");
  }

  private void citation() {
    add(" [");
    for (char digit : Integer.toString(random.nextInt(1, HIGHEST_CITATION + 1)).toCharArray()) {
      add(String.valueOf(digit));
    }
    add("]");
  }

  private boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  private void add(String text) {
    add(new Piece(text, 1));
  }

  private void add(Piece piece) {
    pieces.add(piece);
    tokens += piece.tokens();
  }
}
