package dev.throng.ingest.parse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** HTML, and the XHTML that {@link ParserWorker} makes of every office format and of PDF. */
final class Html {
  /** Elements around the content: their words are on every page of a site. */
  private static final String BOILERPLATE =
      "script, style, noscript, template, svg, nav, footer, aside, form, button, [hidden], [role=navigation]";

  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "blockquote",
          "body",
          "center",
          "dd",
          "details",
          "div",
          "dl",
          "dt",
          "figcaption",
          "figure",
          "header",
          "hr",
          "main",
          "ol",
          "p",
          "pre",
          "section",
          "summary",
          "table",
          "ul",
          "li",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "br");

  private Html() {}

  static ParsedDocument parse(byte[] content, int maxTextChars) {
    try {
      // No charset given: by byte order mark, else the meta element, else UTF-8.
      Document page = Jsoup.parse(new ByteArrayInputStream(content), null, "");
      page.select(BOILERPLATE).remove();
      return parse(page, maxTextChars);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be read
    }
  }

  static ParsedDocument parseXhtml(String xhtml, int maxTextChars) {
    return parse(Jsoup.parse(xhtml), maxTextChars);
  }

  private static ParsedDocument parse(Document page, int maxTextChars) {
    TextBuilder text = new TextBuilder(maxTextChars);
    Element firstHeading = page.body().selectFirst("h1");
    text.title(firstHeading != null ? firstHeading.text() : page.title());
    new Walk(text).block(page.body());
    return text.build();
  }

  /**
   * Goes through the elements; text that stands in no block of its own is gathered into a
   * paragraph.
   */
  private static final class Walk {
    private final TextBuilder text;
    private final StringBuilder loose = new StringBuilder();
    private int page;

    Walk(TextBuilder text) {
      this.text = text;
    }

    void block(Element element) {
      for (Node child : element.childNodes()) {
        switch (child) {
          case TextNode words -> loose.append(words.getWholeText());
          case Element inner when isBlock(inner) -> {
            endParagraph();
            element(inner);
          }
          case Element inner when inner.selectFirst(String.join(",", BLOCKS)) != null ->
              block(inner);
          case Element inner -> loose.append(inner.wholeText());
          default -> {} // comments
        }
      }
      endParagraph();
    }

    private void element(Element element) {
      String name = element.normalName();
      if (element.hasClass("page") || element.hasClass("slide-content")) {
        text.page(++page);
      }
      switch (name) {
        case "h1", "h2", "h3", "h4", "h5", "h6" ->
            text.heading(name.charAt(1) - '0', element.text());
        case "li" -> listItem(element);
        case "table" -> table(element);
        case "pre" -> text.code(element.wholeText());
        default -> block(element);
      }
    }

    private void listItem(Element item) {
      Element own = item.clone();
      own.select("ul, ol").remove();
      text.listItem(own.text());
      for (Element nested : item.select("> ul > li, > ol > li")) {
        listItem(nested);
      }
    }

    private void table(Element table) {
      table.select("> caption").forEach(caption -> text.paragraph(caption.text()));
      boolean isFirst = true;
      // Not the rows of a table inside a cell: their text is the cell's.
      for (Element row : table.select("> tr, > thead > tr, > tbody > tr, > tfoot > tr")) {
        boolean isHeader = isFirst && !row.select("> th").isEmpty() && row.select("> td").isEmpty();
        text.tableRow(cellTexts(row), isHeader);
        isFirst = false;
      }
    }

    /** One text a cell; an empty cell keeps its place. */
    private static List<String> cellTexts(Element row) {
      return row.select("> td, > th").stream().map(Element::text).toList();
    }

    private void endParagraph() {
      text.paragraph(loose.toString());
      loose.setLength(0);
    }

    private static boolean isBlock(Element element) {
      return BLOCKS.contains(element.normalName());
    }
  }
}
