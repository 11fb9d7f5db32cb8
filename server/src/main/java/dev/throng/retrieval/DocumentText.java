package dev.throng.retrieval;

import dev.throng.catalog.LiveDocument;
import dev.throng.core.PageLayout;
import dev.throng.core.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a document's text.
 *
 * @param parts in order, each on one page and in one section
 * @param pages where the lines of the text stand, as far as that is known
 * @param next offset in the document's text where the next part begins; null at the end
 */
public record DocumentText(
    LiveDocument document, List<Part> parts, List<PageLayout> pages, @Nullable Integer next) {
  /**
   * A piece of text.
   *
   * @param span where it stands; it has as many characters as the text
   */
  public record Part(Span span, String text) {}
}
