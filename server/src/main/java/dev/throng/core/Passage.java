package dev.throng.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A piece of a document as it is shown to a reader or a model: a chunk, or several neighbouring
 * chunks of one section joined.
 *
 * @param version the document version it comes from
 * @param title the document's title, or its file name
 * @param headings headings above it, joined by " > "; may be empty
 * @param start offset of the first character in the document's extracted text
 * @param end offset after the last character
 * @param text exactly the characters from {@code start} to {@code end}
 * @param spans the pages and sections that it extends over, in order; they cover it
 * @param isSuperseded whether its document is no longer in force
 * @param score fused score of its best chunk, comparable only within one result
 */
public record Passage(
    String documentId,
    long version,
    String uri,
    String title,
    String headings,
    int start,
    int end,
    String text,
    List<Span> spans,
    boolean isSuperseded,
    double score) {
  private static final String TABLE_EDGE = "|";
  private static final String BEFORE_HEADER = "> |";

  /** A passage in force, on one page, or none (0), and in one section. */
  public Passage(
      String documentId,
      long version,
      String uri,
      String title,
      String headings,
      int page,
      int start,
      int end,
      String text,
      double score) {
    this(
        documentId,
        version,
        uri,
        title,
        headings,
        start,
        end,
        text,
        List.of(Span.of(start, end, page, headings)),
        false,
        score);
  }

  /**
   * Returns the header row of the table inside which the passage begins; empty when it does not.
   * The chunker puts it last among the headings.
   */
  public String tableHeader() {
    if (!headings.endsWith(TABLE_EDGE)) {
      return "";
    }
    if (headings.startsWith(TABLE_EDGE)) {
      return headings;
    }
    int behindHeadings = headings.indexOf(BEFORE_HEADER);
    return behindHeadings < 0
        ? ""
        : headings.substring(headings.indexOf(TABLE_EDGE, behindHeadings));
  }

  /** Returns where ranges of its text stand in the document. */
  public List<Span> spansOf(List<TextRange> ranges) {
    List<Span> found = new ArrayList<>();
    for (TextRange range : ranges) {
      found.addAll(Span.within(spans, start + range.start(), start + range.end()));
    }
    return List.copyOf(found);
  }

  /** Passes every text to {@code listener}. */
  public void forEachText(Consumer<String> listener) {
    listener.accept(uri);
    listener.accept(title);
    listener.accept(headings);
    listener.accept(text);
    spans.forEach(span -> listener.accept(span.section()));
  }
}
