package dev.throng.parser.worker;

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
  private final StringBuilder partName = new StringBuilder();
  private final java.util.ArrayDeque<String> divs = new java.util.ArrayDeque<>();

  Sax(Markup markup) {
    this.markup = markup;
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
    switch (localName) {
      case "head" -> headDepth++;
      case "body" -> {}
      case "div" -> startDiv(kind);
      case "h1" -> {
        isPartName = "package-entry".equals(divs.peek()) || "attachment-entry".equals(divs.peek());
        if (!isPartName) {
          markup.begin(localName);
        }
      }
      case "p" -> markup.begin(kind.equals("title") ? "h1" : localName);
      default ->
          markup.begin(
              localName, Span.of(attributes.getValue("colspan"), attributes.getValue("rowspan")));
    }
  }

  @Override
  public void endElement(String uri, String localName, String qName) {
    switch (localName) {
      case "head" -> headDepth--;
      case "body" -> {}
      case "div" -> endDiv();
      case "h1" -> {
        if (isPartName) {
          isPartName = false;
          markup.partName(partName.toString());
          partName.setLength(0);
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
      partName.append(chars, start, Math.min(length, TextBuilder.MAX_BLOCK_CHARS));
    } else if (headDepth == 0) {
      markup.text(new String(chars, start, length));
    }
  }

  @Override
  public void ignorableWhitespace(char[] chars, int start, int length) {
    characters(chars, start, length);
  }

  private void startDiv(String kind) {
    divs.push(kind);
    switch (kind) {
      case "package-entry", "attachment-entry" -> {
        embedded++;
        markup.begin("div");
      }
      case "page", "sheet" -> {
        if (embedded == 0) {
          markup.page();
        } else {
          markup.begin("div");
        }
      }
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

  private void endDiv() {
    String kind = divs.isEmpty() ? "" : divs.pop();
    if (kind.equals("package-entry") || kind.equals("attachment-entry")) {
      embedded--;
      markup.partEnd();
    } else {
      markup.end("div");
    }
  }
}
