package dev.throng.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What a client sent as one document, or the folder it named.
 *
 * @param uri names the document in its collection; a folder's path
 * @param name a file name, whose ending says the format
 * @param title what the client calls it, or null when the document shall say so itself
 */
public record DocumentSource(String uri, String name, @Nullable String title, Blob blob) {
  /** The same, where the original is not kept. */
  public DocumentSource withoutOriginal() {
    return new DocumentSource(uri, name, title, new Blob("", blob.bytes(), blob.content()));
  }
}
