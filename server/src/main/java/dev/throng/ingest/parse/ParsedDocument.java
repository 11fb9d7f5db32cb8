package dev.throng.ingest.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document's text and its structure.
 *
 * @param title what the document calls itself, or null when it does not say
 * @param text all of it, blocks parted by line ends
 * @param blocks in order, not overlapping, each a range of {@code text}
 */
public record ParsedDocument(@Nullable String title, String text, List<Block> blocks) {

  /** A document of a title and paragraphs parted by blank lines, as data sets have them. */
  public static ParsedDocument of(String title, String body) {
    TextBuilder text = new TextBuilder(Integer.MAX_VALUE);
    text.heading(1, title);
    for (String paragraph : PlainText.paragraphs(body)) {
      text.paragraph(paragraph);
    }
    return text.build();
  }
}
