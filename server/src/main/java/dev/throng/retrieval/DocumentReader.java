package dev.throng.retrieval;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Span;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkView;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads the text of live documents as it was understood, from their chunks. It reads no more of a
 * document than what it returns, and a few chunks to find the place.
 */
public final class DocumentReader {
  /** Number of chunks read together. */
  private static final int BATCH_CHUNKS = 32;

  /**
   * How far the order of the text and that of the pages may differ: a paragraph can continue on the
   * next page before the footnotes of this one.
   */
  private static final int PAGES_OUT_OF_ORDER = 1;

  private final Catalog catalog;
  private final LiveViews views;

  public DocumentReader(Catalog catalog, ChunkStore store) {
    this.catalog = catalog;
    this.views = new LiveViews(store);
  }

  /**
   * The chunks of a document.
   *
   * @param chunks by ordinal
   */
  public record Chunks(LiveDocument document, List<Chunk> chunks) {}

  /**
   * Returns some chunks of a document.
   *
   * @param from ordinal of the first
   * @throws ThrongException UNKNOWN_COLLECTION, UNKNOWN_DOCUMENT, STORE_UNAVAILABLE
   */
  public Chunks chunks(
      CollectionRef ref, String documentId, int from, int limit, Deadline deadline) {
    CollectionState state = catalog.published(ref);
    LiveDocument document = state.document(documentId);
    int to = (int) Math.min(document.chunkCount(), (long) from + limit);
    try (ChunkView view = views.open(state, deadline)) {
      return new Chunks(
          document, from >= to ? List.of() : view.chunks(document.version(), from, to));
    }
  }

  /**
   * Returns a document's text from an offset.
   *
   * @param limit maximum number of characters
   * @throws ThrongException UNKNOWN_COLLECTION, UNKNOWN_DOCUMENT, STORE_UNAVAILABLE
   */
  public DocumentText text(
      CollectionRef ref, String documentId, int start, int limit, Deadline deadline) {
    CollectionState state = catalog.published(ref);
    LiveDocument document = state.document(documentId);
    try (ChunkView view = views.open(state, deadline)) {
      Opened opened = new Opened(document, view);
      TextAssembly text = new TextAssembly(start, limit, _ -> true);
      int ordinal = opened.first(chunk -> chunk.end() > start);
      return opened.read(ordinal, text, _ -> false);
    }
  }

  /**
   * Returns the text of a page.
   *
   * @param page from 1
   * @param start offset in the document's text before which nothing is returned; 0 for all
   * @param limit maximum number of characters
   * @throws ThrongException UNKNOWN_COLLECTION, UNKNOWN_DOCUMENT, UNKNOWN_PAGE, STORE_UNAVAILABLE
   */
  public DocumentText page(
      CollectionRef ref, String documentId, int page, int start, int limit, Deadline deadline) {
    CollectionState state = catalog.published(ref);
    LiveDocument document = state.document(documentId);
    try (ChunkView view = views.open(state, deadline)) {
      Opened opened = new Opened(document, view);
      TextAssembly text = new TextAssembly(start, limit, span -> span.page() == page);
      int ordinal =
          opened.first(
              chunk -> chunk.end() > start && lastPageOf(chunk) >= page - PAGES_OUT_OF_ORDER);
      DocumentText found =
          opened.read(ordinal, text, chunk -> firstPageOf(chunk) > page + PAGES_OUT_OF_ORDER);
      if (found.parts().isEmpty()) {
        opened.checkHas(page);
      }
      return found;
    }
  }

  private static int firstPageOf(Chunk chunk) {
    return orBehindAll(chunk.spans().getFirst().page());
  }

  private static int lastPageOf(Chunk chunk) {
    return orBehindAll(chunk.spans().stream().mapToInt(Span::page).max().orElse(0));
  }

  /** Text without a page stands behind all pages, such as that of attachments. */
  private static int orBehindAll(int page) {
    return page == 0 ? Integer.MAX_VALUE : page;
  }

  /** A document whose chunks are being read. */
  private static final class Opened {
    private final LiveDocument document;
    private final ChunkView view;

    Opened(LiveDocument document, ChunkView view) {
      this.document = document;
      this.view = view;
    }

    private Chunk chunk(int ordinal) {
      return view.chunks(document.version(), ordinal, ordinal + 1).getFirst();
    }

    /** Returns the ordinal of the first chunk that passes a test, as all chunks behind it do. */
    int first(Predicate<Chunk> test) {
      int from = 0;
      int to = document.chunkCount();
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (test.test(chunk(middle))) {
          to = middle;
        } else {
          from = middle + 1;
        }
      }
      return from;
    }

    /** Checks that there is text on a page or behind it. */
    void checkHas(int page) {
      int lastPage = lastPage();
      if (page > lastPage) {
        throw new ThrongException(
            ErrorCode.UNKNOWN_PAGE,
            lastPage == 0
                ? "%s has no pages".formatted(document.uri())
                : "page %d of %s (expected: 1 to %d)".formatted(page, document.uri(), lastPage));
      }
    }

    /** Returns the last page with text, or 0 when the format has no pages. */
    private int lastPage() {
      int chunksWithPages = first(chunk -> lastPageOf(chunk) == Integer.MAX_VALUE);
      return chunksWithPages == 0 ? 0 : lastPageOf(chunk(chunksWithPages - 1));
    }

    /** Reads chunks until there is enough text. */
    DocumentText read(int first, TextAssembly text, Predicate<Chunk> isBehind) {
      boolean isAtEnd = false;
      for (int from = first; from < document.chunkCount() && !isAtEnd; from += BATCH_CHUNKS) {
        int to = Math.min(document.chunkCount(), from + BATCH_CHUNKS);
        for (Chunk chunk : view.chunks(document.version(), from, to)) {
          isAtEnd = isBehind.test(chunk) || text.isFull();
          if (isAtEnd) {
            break;
          }
          text.add(chunk);
        }
      }
      return new DocumentText(
          document, text.parts(), text.layout(), text.isFull() ? text.position() : null);
    }
  }
}
