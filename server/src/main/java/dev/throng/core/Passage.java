package dev.throng.core;

import java.util.function.Consumer;

/**
 * A piece of a document as it is shown to a reader or a model: a chunk, or several neighbouring
 * chunks joined.
 *
 * @param version the document version it comes from
 * @param title the document's title, or its file name
 * @param headings headings above it, joined by " > "; may be empty
 * @param page page, from 1; 0 when the format has none
 * @param start offset of the first character in the document's extracted text
 * @param end offset after the last character
 * @param text exactly the characters from {@code start} to {@code end}
 * @param score fused score of its best chunk, comparable only within one result
 */
public record Passage(
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
  /** Passes every text to {@code listener}. */
  public void forEachText(Consumer<String> listener) {
    listener.accept(uri);
    listener.accept(title);
    listener.accept(headings);
    listener.accept(text);
  }
}
