package dev.throng.parser.worker;

import dev.throng.parser.worker.HtmlWalk.Addresses;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.NodeTraversor;

/** HTML as it is found on the web, without the boilerplate of a site's pages. */
final class Html {
  /** Markdown and HTML are held in memory as trees. A longer file is read as plain text. */
  static final long MAX_TREE_BYTES = 16L << 20;

  private static final int MAX_ADDRESSES = 8;

  private static final int WORDS_PER_ADDRESS = 100;

  private Html() {}

  /**
   * Parses a page.
   *
   * @param warnings receives what was left out
   */
  static void parse(String content, TextBuilder text, List<String> warnings) {
    Document page = Jsoup.parse(content);
    HiddenText hidden = HiddenText.of(page);
    TextCounts counts = TextCounts.of(page.body(), hidden);
    Boilerplate boilerplate = Boilerplate.of(page.body(), counts, hidden);
    Element firstHeading = PageTitle.heading(page.body());
    text.title(firstHeading != null && firstHeading.hasText() ? firstHeading.text() : page.title());
    int leftOut = boilerplate.words() + boilerplate.choiceWords();
    if (leftOut > 0) {
      warnings.add("%d words of menus and other boilerplate were left out".formatted(leftOut));
    }
    TextCount all = counts.of(page.body());
    boolean isSparse =
        isSparse(all.addresses() - boilerplate.addresses(), all.words() - boilerplate.words());
    Addresses shown =
        !isSparse
            ? Addresses.NONE
            : boilerplate.isArticle() ? Addresses.BESIDE_WORDS : Addresses.ALL;
    Markup markup = new Markup(text);
    NodeTraversor.filter(
        new HtmlWalk(markup, hidden, counts, boilerplate.elements(), shown), page.body());
    markup.finish();
  }

  /** Parses HTML inside another text, such as a table in Markdown, whose title is ignored. */
  static void fragment(String content, TextBuilder text) {
    fragment(Jsoup.parse(content), Set.of(), text);
  }

  /** Parses a mail: first its own text, and then the elements that it quotes. */
  static void mail(Document page, Set<Element> quoted, TextBuilder text) {
    fragment(page, quoted, text);
    if (!quoted.isEmpty()) {
      text.quoted(true);
      Markup markup = new Markup(text);
      HtmlWalk walk = walk(page, markup, Set.of()).insideOtherText();
      quoted.forEach(element -> NodeTraversor.filter(walk, element));
      markup.finish();
      text.quoted(false);
    }
  }

  private static void fragment(Document page, Set<Element> leftOut, TextBuilder text) {
    Markup markup = new Markup(text);
    NodeTraversor.filter(walk(page, markup, leftOut).insideOtherText(), page.body());
    markup.finish();
  }

  /** Parses a chapter of a book, which has no boilerplate: its footnotes are in asides. */
  static void chapter(String content, TextBuilder text) {
    Document page = Jsoup.parse(content);
    Markup markup = new Markup(text);
    NodeTraversor.filter(walk(page, markup, Set.of()), page.body());
    markup.finish();
  }

  /** Returns a walk that leaves out what is hidden, and some elements. */
  private static HtmlWalk walk(Document page, Markup markup, Set<Element> leftOut) {
    HiddenText hidden = HiddenText.of(page);
    TextCounts counts = TextCounts.of(page.body(), hidden);
    TextCount all = counts.of(page.body());
    Addresses shown = isSparse(all.addresses(), all.words()) ? Addresses.ALL : Addresses.NONE;
    return new HtmlWalk(markup, hidden, counts, leftOut, shown);
  }

  /** Returns whether there are few enough addresses for a text not to become one of addresses. */
  private static boolean isSparse(int addresses, int words) {
    return addresses <= MAX_ADDRESSES + words / WORDS_PER_ADDRESS;
  }
}
