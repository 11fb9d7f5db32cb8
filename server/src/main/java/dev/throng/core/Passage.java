package dev.throng.core;

/**
 * A piece of a document as it is shown to a reader or to a model: a chunk, or neighbouring chunks
 * joined.
 *
 * @param version the document version it is from
 * @param title the document's title, or its file name
 * @param headings headings above it, joined by " > "; may be empty
 * @param page page from 1; 0 when the format has none
 * @param start first character in the document's extracted text
 * @param end behind the last
 * @param text exactly the characters from {@code start} to {@code end}
 * @param score fused score of its best chunk, comparable within one result only
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
    double score) {}
