package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** Passes the elements of a page to {@link Markup}, without what is left out. */
final class HtmlWalk implements NodeFilter {
  /** Which links are followed by the addresses of other sites. */
  enum Addresses {
    NONE,
    /** Links in a block with other words. */
    BESIDE_WORDS,
    /** These, and a link that is alone in a cell, a definition or an item of a short list. */
    ALL
  }

  private static final Set<String> CELLS = Set.of("td", "th");
  private static final Set<String> VALUES = Set.of("td", "th", "dd");
  private static final Set<String> LISTS = Set.of("ul", "ol", "menu");

  /** Elements whose characters are text as it is, without gaps. */
  private static final Set<String> CODE = Set.of("pre", "code", "kbd", "samp", "tt", "math");

  /** Elements that {@link Markup} skips, as they are on every page of other formats. */
  private static final Set<String> SHOWN_AS_SPANS = Set.of("button", "svg");

  private static final int MAX_HEADING_LEVEL = 6;

  /** A longer list of links is a menu or a page of references, whose addresses are noise. */
  static final int MAX_LISTED_LINKS = 10;

  private final Markup markup;
  private final HiddenText hidden;
  private final Set<Element> leftOut;
  private final TextCounts counts;
  private final Addresses addresses;
  private final Questions questions;
  private final LinkTarget link = new LinkTarget();
  private final Deque<String> names = new ArrayDeque<>();
  private final Deque<ListNumbers> lists = new ArrayDeque<>();
  private final Deque<Element> blocks = new ArrayDeque<>();
  private int headingLevel = 1;
  private int headingDepth;
  private int codeDepth;
  private boolean isGapPending;

  /**
   * Creates a walk.
   *
   * @param leftOut elements that are not passed on, nor what is in them
   * @param addresses of links to pass on
   */
  HtmlWalk(
      Markup markup,
      HiddenText hidden,
      TextCounts counts,
      Set<Element> leftOut,
      Addresses addresses) {
    this.markup = markup;
    this.hidden = hidden;
    this.leftOut = leftOut;
    this.counts = counts;
    this.addresses = addresses;
    this.questions = new Questions(counts, hidden);
  }

  /** Returns this walk, for text whose headings above are not known. Its own stand below them. */
  HtmlWalk insideOtherText() {
    headingLevel = MAX_HEADING_LEVEL;
    return this;
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode words) {
      text(words.getWholeText());
    } else if (node instanceof Element element) {
      String sign = Sign.words(element);
      if (!sign.isEmpty()) {
        sign(sign);
        return FilterResult.SKIP_ENTIRELY;
      }
      if (hidden.contains(element)) {
        gap(InlineGap.isAfter(element));
        return FilterResult.SKIP_ENTIRELY;
      }
      if (leftOut.contains(element)) {
        markup.begin("div");
        markup.end("div");
        return FilterResult.SKIP_ENTIRELY;
      }
      begin(element);
    }
    return FilterResult.CONTINUE;
  }

  private void text(String words) {
    if (isGapPending && !words.isEmpty()) {
      isGapPending = false;
      markup.text(InlineGap.isClosing(words.codePointAt(0)) ? "" : " ");
    }
    link.text(words);
    markup.text(words);
  }

  private void sign(String words) {
    gap(true);
    text(words);
    gap(true);
  }

  private void gap(boolean isSeen) {
    isGapPending |= isSeen && codeDepth == 0;
  }

  private void begin(Element element) {
    String name = element.normalName();
    String shown = shownAs(element, name);
    names.push(shown);
    if (HtmlNames.isBlock(name)) {
      blocks.push(element);
      isGapPending = false;
    }
    gap(InlineGap.isBefore(element));
    codeDepth += CODE.contains(name) ? 1 : 0;
    if (CELLS.contains(shown)) {
      markup.begin(shown, CellSpan.of(element.attr("colspan"), element.attr("rowspan")));
    } else {
      markup.begin(shown);
    }
    if (LISTS.contains(name)) {
      lists.push(numbers(element, name));
    } else if (name.equals("li")) {
      markup.itemMark(mark(element));
    } else if (name.equals("a")) {
      link.begin(element.attr("href"));
    }
    headingDepth += HtmlNames.HEADINGS.contains(shown) ? 1 : 0;
  }

  private String shownAs(Element element, String name) {
    if (HtmlNames.HEADINGS.contains(name)) {
      headingLevel = name.charAt(1) - '0';
    } else if (headingDepth == 0 && questions.contains(element)) {
      return "h" + Math.min(headingLevel + 1, MAX_HEADING_LEVEL);
    }
    if (HtmlNames.CONTAINERS.contains(name) && !LISTS.contains(name)) {
      return "div";
    }
    return SHOWN_AS_SPANS.contains(name) ? "span" : name;
  }

  private static ListNumbers numbers(Element list, String name) {
    if (!name.equals("ol") || list.attr("style").contains("none")) {
      return ListNumbers.dashes();
    }
    boolean isReversed = list.hasAttr("reversed");
    int first = ListNumbers.parsed(list.attr("start"), isReversed ? list.childrenSize() : 1);
    return ListNumbers.of(list.attr("type"), first, isReversed ? -1 : 1);
  }

  private String mark(Element item) {
    ListNumbers numbers = lists.peek();
    if (numbers == null) {
      return ListNumbers.DASH;
    }
    numbers.continueAt(item.attr("value"));
    return numbers.next();
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      end(element);
    }
    return FilterResult.CONTINUE;
  }

  private void end(Element element) {
    String name = element.normalName();
    String shown = names.pop();
    codeDepth -= CODE.contains(name) ? 1 : 0;
    if (name.equals("a")) {
      String target = link.end();
      markup.text(target.contains("://") && !isAddressShown(element) ? "" : target);
    }
    headingDepth -= HtmlNames.HEADINGS.contains(shown) ? 1 : 0;
    if (LISTS.contains(name)) {
      lists.pop();
    }
    if (HtmlNames.isBlock(name)) {
      blocks.pop();
    }
    markup.end(shown);
    gap(InlineGap.isAfter(element));
  }

  /** Returns whether the address of another site is more than noise in the current block. */
  private boolean isAddressShown(Element anchor) {
    Element block = blocks.peek();
    if (block == null || headingDepth > 0 || addresses == Addresses.NONE) {
      return false;
    }
    if (counts.isBesideWords(anchor)) {
      return true;
    }
    String name = block.normalName();
    Element list = name.equals("li") ? block.parent() : null;
    boolean isInShortList = list != null && counts.of(list).links() <= MAX_LISTED_LINKS;
    return addresses == Addresses.ALL
        && counts.of(block).links() == 1
        && (isInShortList || VALUES.contains(name));
  }
}
