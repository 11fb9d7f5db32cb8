package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.time.Instant;
import java.util.Objects;
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

  @BeforeEach
  final void open() {
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
}
