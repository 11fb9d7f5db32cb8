package dev.throng.parser.worker;

import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jspecify.annotations.Nullable;

/** A picture that stands for words, such as the tick in a table or the stars of a review. */
final class Sign {
  private static final Set<String> CELLS = Set.of("td", "th", "dd");

  /** A longer text is the description of a picture. */
  private static final int MAX_WORDS = 6;

  private static final int MAX_WRAPPERS = 3;

  /** A drawing with more nodes is more than a sign. */
  private static final int MAX_NODES = 50;

  private Sign() {}

  /** Returns the words that a picture stands for, or an empty text. */
  static String words(Element element) {
    boolean isPicture = element.normalName().equals("img");
    boolean isMarked = element.attr("role").equals("img");
    if (!isPicture && !isMarked) {
      return "";
    }
    String alternative = isPicture ? element.attr("alt") : "";
    String words = alternative.isBlank() ? element.attr("aria-label") : alternative;
    int count = TextCount.words(words);
    boolean isSign =
        count > 0
            && count <= MAX_WORDS
            && !element.attr("aria-hidden").equals("true")
            && (isMarked ? isWithoutText(element) : isAloneInCell(element));
    return isSign ? words : "";
  }

  private static boolean isWithoutText(Element element) {
    boolean mayBe = element.normalName().equals("svg") || element.childNodeSize() == 0;
    List<Node> nodes = element.nodeStream().limit(MAX_NODES + 1L).toList();
    return mayBe
        && nodes.size() <= MAX_NODES
        && nodes.stream() // a diagram has some
            .noneMatch(node -> node instanceof Element inner && inner.normalName().equals("text"));
  }

  /** Returns whether a picture is all that a cell or a definition says. */
  private static boolean isAloneInCell(Element picture) {
    Element inner = picture;
    for (int i = 0; i < MAX_WRAPPERS; i++) {
      @Nullable Element around = inner.parent();
      if (around == null || around.normalName().equals("a") || !isOnlyContent(around)) {
        return false;
      }
      if (CELLS.contains(around.normalName())) {
        Element row = around.parent();
        return row != null && row.childrenSize() > 1; // a row of one cell is layout
      }
      inner = around;
    }
    return false;
  }

  private static boolean isOnlyContent(Element around) {
    return around.childNodeSize() <= MAX_WRAPPERS
        && around.childrenSize() == 1
        && around.ownText().isBlank();
  }
}
