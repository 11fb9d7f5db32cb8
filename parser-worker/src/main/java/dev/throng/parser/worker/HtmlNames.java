package dev.throng.parser.worker;

import java.util.Set;

/** The kinds of HTML elements by their names. */
final class HtmlNames {
  /** Elements of {@link Markup} whose text is on every page of a site, or is not text. */
  static final Set<String> SKIPPED =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "svg",
          "nav",
          "aside",
          "form",
          "button",
          "head",
          "object",
          "iframe",
          "select",
          "textarea");

  /** Elements whose content is not shown as text. */
  static final Set<String> WITHOUT_TEXT =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "title",
          "desc",
          "metadata",
          "defs",
          "symbol",
          "head",
          "iframe",
          "textarea",
          "canvas",
          "datalist",
          "audio",
          "video");

  /** Elements that end a paragraph. */
  static final Set<String> BLOCKS =
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
          "footer",
          "header",
          "hr",
          "main",
          "p",
          "section",
          "summary",
          "caption",
          "br",
          "fieldset",
          "legend",
          "hgroup");

  static final Set<String> HEADINGS = Set.of("h1", "h2", "h3", "h4", "h5", "h6");

  /** Elements that a page uses as blocks, whatever they mean. */
  static final Set<String> CONTAINERS =
      Set.of("nav", "aside", "form", "select", "dialog", "search", "menu", "object", "frameset");

  /** Blocks that {@link Markup} reads in other ways. */
  private static final Set<String> STRUCTURE =
      Set.of("ul", "ol", "menu", "li", "pre", "table", "tbody", "thead", "tfoot", "tr", "td", "th");

  private HtmlNames() {}

  /** Returns whether an element begins and ends a block. */
  static boolean isBlock(String name) {
    return BLOCKS.contains(name)
        || HEADINGS.contains(name)
        || CONTAINERS.contains(name)
        || STRUCTURE.contains(name);
  }
}
