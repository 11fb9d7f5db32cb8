package dev.throng.parser.worker;

import org.jsoup.nodes.Element;

/**
 * Parts beside the running text of a page that belong to it although they have many links: a
 * programme with its bands, a table of courses, the next tab. Lists of other articles have
 * headlines as links, and content has names.
 */
final class ContentPart {
  /** A link of more words is the headline of another page. */
  private static final int MAX_WORDS_PER_LINK = 4;

  /** The header of a table is among this many first nodes. */
  private static final int MAX_NODES = 40;

  private ContentPart() {}

  /** Returns whether an element has its own title above links that are names. */
  static boolean isTitled(Element element, TextCount count) {
    return count.headings() > 0
        && count.proseWords() == 0
        && count.linkWords() <= MAX_WORDS_PER_LINK * count.namedLinks()
        && !TeaserTitle.isFirstIn(element);
  }

  /** Returns whether an element is a table with a header. */
  static boolean isTable(Element element) {
    return element.normalName().equals("table")
        && element
            .nodeStream()
            .limit(MAX_NODES)
            .anyMatch(node -> node instanceof Element cell && cell.normalName().equals("th"));
  }
}
