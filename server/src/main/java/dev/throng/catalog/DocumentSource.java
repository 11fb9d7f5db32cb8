package dev.throng.catalog;

import dev.throng.core.Metadata;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent as one document, a file of the server, or the folder that was named.
 *
 * @param uri names the document in its collection; a folder's path
 * @param name a file name, whose ending says the format
 * @param title what the client calls it, or null when the document shall say so itself
 * @param modifiedAt when the source was last changed, or null when nobody knows
 */
public record DocumentSource(
    String uri,
    String name,
    @Nullable String title,
    Metadata metadata,
    @Nullable Instant modifiedAt,
    Blob blob,
    Origin origin) {
  /** One that a client sent. */
  public DocumentSource(
      String uri,
      String name,
      @Nullable String title,
      Metadata metadata,
      @Nullable Instant modifiedAt,
      Blob blob) {
    this(uri, name, title, metadata, modifiedAt, blob, Origin.SENT);
  }

  /** A folder of the server, which brings no bytes. */
  public static DocumentSource ofFolder(String path) {
    return new DocumentSource(path, "", null, Metadata.NONE, null, Blob.NONE);
  }

  /** The same, as another document's content. */
  public DocumentSource at(String otherUri) {
    return new DocumentSource(otherUri, name, title, metadata, modifiedAt, blob, origin);
  }

  /** The same, where the original is not kept. */
  public DocumentSource withoutOriginal() {
    return new DocumentSource(
        uri, name, title, metadata, modifiedAt, new Blob("", blob.bytes(), blob.content()), origin);
  }
}
