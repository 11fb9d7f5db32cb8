package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A catalogue with one collection, open while a test runs, wherever it is stored. */
abstract class OpenedCatalog {
  protected static final CollectionSpec SPEC = new CollectionSpec("en", "hash-64", 64);

  private final CollectionRef collection;
  protected Instant now = Instant.ofEpochMilli(1_000);
  private @Nullable Catalog opened;

  /**
   * @param collection created before each test
   */
  OpenedCatalog(CollectionRef collection) {
    this.collection = collection;
  }

  /**
   * Opens the catalogue as a process other than before; within a test, always the same catalogue.
   */
  protected abstract Catalog openCatalog();

  /** Removes what an earlier test has stored. */
  protected void clear() {}

  @BeforeEach
  final void open() {
    clear();
    reopen();
    catalog().create(collection, SPEC);
  }

  @AfterEach
  final void close() {
    catalog().close();
  }

  protected final Catalog catalog() {
    return Objects.requireNonNull(opened);
  }

  /** The process dies and another one starts. */
  protected final void reopen() {
    if (opened != null) {
      opened.close();
    }
    opened = openCatalog();
  }

  /** Records a version of a document that is about to be published. */
  protected final LiveDocument begin(CollectionRef ref, String uri) {
    return begin(ref, uri, Metadata.NONE, null);
  }

  final LiveDocument begin(
      CollectionRef ref, String uri, Metadata metadata, @Nullable Instant modifiedAt) {
    Hash hash = Hash.of(uri.getBytes(StandardCharsets.UTF_8));
    String title = "Title of " + uri;
    long version = catalog().beginVersion(ref, uri, title, hash, metadata, modifiedAt);
    return new LiveDocument(
        DocumentIds.of(ref, uri), uri, title, hash, version, 3, metadata, modifiedAt);
  }

  /** Publishes a new version of a document of the collection. */
  protected final LiveDocument publish(String uri) {
    LiveDocument document = begin(collection, uri);
    catalog().publish(collection, new Publication(List.of(document), Set.of(), Set.of()));
    return document;
  }
}
