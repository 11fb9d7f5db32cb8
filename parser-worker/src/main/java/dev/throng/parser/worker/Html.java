package dev.throng.parser.worker;

import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** HTML as it is found on the web, without the boilerplate of a site's pages. */
final class Html {
  /** Markdown and HTML are held in memory as trees. A longer file is read as plain text. */
  static final long MAX_TREE_BYTES = 16L << 20;

  /** Elements around the content, whose text is on every page of a site. */
  private static final String BOILERPLATE =
      "script, style, noscript, template, svg, nav, footer, aside, button, [hidden], [role=navigation]";

  /**
   * A page with more text than this that consists only of boilerplate elements is read as content.
   */
  private static final int MIN_CONTENT_CHARS = 200;

  private static final Set<String> CELLS = Set.of("td", "th");

  /** A form may contain the whole page, as in some frameworks. */
  private static final Set<String> OF_PAGES = Set.of("form");

  private static final Set<String> OF_BOOKS = Set.of("form", "aside", "nav", "object");

  private Html() {}

  static void parse(String content, TextBuilder text) {
    Document page = Jsoup.parse(content);
    Element body = page.body();
    String whole = body.text();
    body.select(BOILERPLATE).remove();
    if (!body.hasText() && whole.length() > MIN_CONTENT_CHARS) {
      body = Jsoup.parse(content).body(); // the whole page is inside such an element
    }
    Element firstHeading = body.selectFirst("h1");
    text.title(firstHeading != null && firstHeading.hasText() ? firstHeading.text() : page.title());
    Markup markup = new Markup(text);
    NodeTraversor.traverse(new Walk(markup, OF_PAGES), body);
    markup.finish();
  }

  /** Parses HTML inside another text, such as a table in Markdown, whose title is ignored. */
  static void fragment(String content, TextBuilder text) {
    Element body = Jsoup.parseBodyFragment(content).body();
    body.select(BOILERPLATE).remove();
    Markup markup = new Markup(text);
    NodeTraversor.traverse(new Walk(markup, OF_PAGES), body);
    markup.finish();
  }

  /** Parses a chapter of a book, which has no boilerplate: its footnotes are in asides. */
  static void chapter(String content, TextBuilder text) {
    Element body = Jsoup.parse(content).body();
    Markup markup = new Markup(text);
    NodeTraversor.traverse(new Walk(markup, OF_BOOKS), body);
    markup.finish();
  }

  private record Walk(Markup markup, Set<String> read) implements NodeVisitor {
    @Override
    public void head(Node node, int depth) {
      switch (node) {
        case TextNode words -> markup.text(words.getWholeText());
        case Element element -> {
          String name = element.normalName();
          CellSpan span =
              CELLS.contains(name)
                  ? CellSpan.of(element.attr("colspan"), element.attr("rowspan"))
                  : CellSpan.ONE;
          markup.begin(read.contains(name) ? "div" : name, span);
        }
        default -> {} // comments
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        String name = element.normalName();
        markup.end(read.contains(name) ? "div" : name);
      }
    }
  }
}
