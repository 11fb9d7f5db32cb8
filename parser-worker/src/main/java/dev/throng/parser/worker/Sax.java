package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Passes the XHTML that Tika produces for a document to {@link Markup}. */
final class Sax extends DefaultHandler {
  private final Markup markup;

  /**
   * The number of enclosing embedded documents. Their pages are not pages of the document itself.
   */
  private int embedded;

  private int headDepth;
  private boolean isPartName;

  /** Whether the element of a page or sheet has started, whose name may follow. */
  private boolean isPageStart;

  private final StringBuilder name = new StringBuilder();
  private final Deque<String> divs = new ArrayDeque<>();
  private final Marks marks;
  private final LinkTarget link = new LinkTarget();

  Sax(Markup markup) {
    this.markup = markup;
    this.marks = new Marks(markup, this::text);
  }

  /** Returns a handler for the parts of a document besides its pages, which are ignored. */
  static Sax withoutPages(Markup markup) {
    Sax sax = new Sax(markup);
    sax.embedded = 1;
    return sax;
  }

  @Override
  public void startElement(String uri, String localName, String qName, Attributes attributes) {
    String kind = String.valueOf(attributes.getValue("class"));
    boolean isName = localName.equals("h1") && (isPageStart || isEntry(divs.peek()));
    if (isName) {
      isPartName = true;
      return;
    }
    startPage(null);
    switch (localName) {
      case "head" -> headDepth++;
      case "body" -> {}
      case "div" -> startDiv(kind);
      case "a" -> link.begin(attributes.getValue("href"));
      case "p" -> markup.begin(kind.equals("title") ? "h1" : localName);
      default ->
          markup.begin(
              localName,
              CellSpan.of(attributes.getValue("colspan"), attributes.getValue("rowspan")));
    }
  }

  @Override
  public void endElement(String uri, String localName, String qName) {
    switch (localName) {
      case "head" -> headDepth--;
      case "body" -> {}
      case "div" -> endDiv();
      case "a" -> markup.text(link.end());
      case "h1" -> {
        if (isPartName) {
          endName();
        } else {
          markup.end(localName);
        }
      }
      default -> markup.end(localName);
    }
  }

  @Override
  public void characters(char[] chars, int start, int length) {
    if (isPartName) {
      name.append(chars, start, Math.min(length, TextBuilder.MAX_BLOCK_CHARS));
    } else if (headDepth == 0) {
      marks.read(new String(chars, start, length));
    }
  }

  private void text(String words) {
    if (!words.isBlank()) {
      startPage(null);
    }
    link.text(words);
    markup.text(words);
  }

  @Override
  public void ignorableWhitespace(char[] chars, int start, int length) {
    characters(chars, start, length);
  }

  static boolean isEntry(@Nullable String kind) {
    return "package-entry".equals(kind) || "attachment-entry".equals(kind);
  }

  private void endName() {
    isPartName = false;
    String found = name.toString();
    name.setLength(0);
    if (isPageStart) {
      startPage(TextBuilder.clean(found));
      markup.begin("h1");
      markup.text(found);
      markup.end("h1");
    } else {
      markup.partName(found);
    }
  }

  private void startDiv(String kind) {
    divs.push(kind);
    switch (kind) {
      case "package-entry", "attachment-entry" -> {
        embedded++;
        markup.begin("div");
      }
      case "page", "sheet" -> isPageStart = true;
      case "slide-content" -> {
        if (embedded == 0) {
          markup.slide();
        } else {
          markup.begin("div");
        }
      }
      default -> markup.begin("div");
    }
  }

  /**
   * Starts a page if its element has started and its name was awaited.
   *
   * @param sheet the name of a sheet, or null for a page
   */
  private void startPage(@Nullable String sheet) {
    if (!isPageStart) {
      return;
    }
    isPageStart = false;
    if (embedded > 0) {
      markup.begin("div");
    } else if (sheet == null || sheet.isEmpty()) {
      markup.page();
    } else {
      markup.page(sheet);
    }
    markup.sheet(sheet != null);
  }

  private void endDiv() {
    startPage(null);
    String kind = divs.isEmpty() ? "" : divs.pop();
    if (isEntry(kind)) {
      embedded--;
      markup.partEnd();
    } else {
      markup.end("div");
    }
    if (kind.equals("page") || kind.equals("sheet")) {
      markup.sheet(false);
    }
  }
}
