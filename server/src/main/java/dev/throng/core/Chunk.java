package dev.throng.core;

import java.util.List;

/**
 * A stored piece of one version of a document.
 *
 * @param documentId the document's id
 * @param version the document version it belongs to, unique in the whole catalogue
 * @param ordinal position among the version's chunks, from 0
 * @param headings the headings above its beginning, outermost first, and the header of a table that
 *     it continues, joined by " > "; empty when there are none
 * @param start offset of the first character in the document's extracted text
 * @param end offset after the last character in the document's extracted text
 * @param text the characters themselves
 * @param spans the pages and sections that it extends over, in order; they cover it
 * @param isQuoted whether it repeats an earlier text, such as the message that a mail answers
 * @param isSuperseded whether its document says that it is no longer in force
 * @param layout where its lines stand on its pages, as far as that is known
 */
public record Chunk(
    String documentId,
    long version,
    int ordinal,
    String headings,
    int start,
    int end,
    String text,
    List<Span> spans,
    boolean isQuoted,
    boolean isSuperseded,
    Layout layout) {
  public Chunk {
    // Indexes from before there were spans have none.
    spans = spans.isEmpty() ? List.of(Span.of(start, end, 0, headings)) : List.copyOf(spans);
  }

  /** A chunk on one page, or none (0), and in one section. */
  public Chunk(
      String documentId,
      long version,
      int ordinal,
      String headings,
      int page,
      int start,
      int end,
      String text) {
    this(
        documentId,
        version,
        ordinal,
        headings,
        start,
        end,
        text,
        List.of(Span.of(start, end, page, headings)),
        false,
        false,
        Layout.NONE);
  }

  /**
   * Returns the text that is embedded and searched. It includes the headings, because they give the
   * text its context.
   */
  public String searchText() {
    return UnicodeForms.compatible(headings.isEmpty() ? text : headings + "\n" + text);
  }

  /** Returns the same chunk as part of another version. */
  public Chunk ofVersion(String otherDocument, long otherVersion) {
    return as(otherDocument, otherVersion, ordinal);
  }

  /** Returns the same chunk in another place. */
  public Chunk as(String otherDocument, long otherVersion, int otherOrdinal) {
    return new Chunk(
        otherDocument,
        otherVersion,
        otherOrdinal,
        headings,
        start,
        end,
        text,
        spans,
        isQuoted,
        isSuperseded,
        layout);
  }

  /**
   * Returns a part of this chunk as another chunk.
   *
   * @param from offset in this chunk's text
   * @param to offset in this chunk's text
   */
  public Chunk part(int partOrdinal, int from, int to) {
    return new Chunk(
        documentId,
        version,
        partOrdinal,
        headings,
        start + from,
        start + to,
        text.substring(from, to),
        Span.within(spans, start + from, start + to),
        isQuoted,
        isSuperseded,
        layout.within(start + from, start + to));
  }
}
