package dev.throng.catalog;

import dev.throng.core.Metadata;
import dev.throng.core.UnicodeForms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The source of a document: what a client sent, or a file of the server.
 *
 * @param uri identifies the document in its collection
 * @param name a file name, whose extension gives the format
 * @param title the title given by the client, or null to take it from the document
 * @param modifiedAt when the source was last changed, or null when unknown
 */
public record DocumentSource(
    String uri,
    String name,
    @Nullable String title,
    Metadata metadata,
    @Nullable Instant modifiedAt,
    Blob blob,
    Origin origin) {

  /**
   * Composes uri, name and title, because programs disagree on how to write letters with accents.
   */
  public DocumentSource {
    uri = UnicodeForms.composed(uri);
    name = UnicodeForms.composed(name);
    title = title == null ? null : UnicodeForms.composed(title);
  }

  /** Creates the source of a document that a client sent. */
  public DocumentSource(
      String uri,
      String name,
      @Nullable String title,
      Metadata metadata,
      @Nullable Instant modifiedAt,
      Blob blob) {
    this(uri, name, title, metadata, modifiedAt, blob, Origin.SENT);
  }

  /** Returns this source as the content of another document. */
  public DocumentSource at(String otherUri) {
    return new DocumentSource(otherUri, name, title, metadata, modifiedAt, blob, origin);
  }

  /** Returns this source without a stored original. */
  public DocumentSource withoutOriginal() {
    return new DocumentSource(
        uri, name, title, metadata, modifiedAt, new Blob("", blob.bytes(), blob.content()), origin);
  }
}
