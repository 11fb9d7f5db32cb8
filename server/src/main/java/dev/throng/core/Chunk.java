package dev.throng.core;

/**
 * A stored piece of one version of a document.
 *
 * @param documentId the document's id
 * @param version the document version it belongs to, unique in the whole catalogue
 * @param ordinal position among the version's chunks, from 0
 * @param headings the headings above it, outermost first, joined by " > "; empty when there are
 *     none
 * @param page page, slide or sheet, from 1; 0 when the format has none
 * @param start offset of the first character in the document's extracted text
 * @param end offset after the last character in the document's extracted text
 * @param text the characters themselves
 */
public record Chunk(
    String documentId,
    long version,
    int ordinal,
    String headings,
    int page,
    int start,
    int end,
    String text) {

  /**
   * Returns the text that is embedded and searched. It includes the headings, because they give the
   * text its context.
   */
  public String searchText() {
    return headings.isEmpty() ? text : headings + "\n" + text;
  }
}
