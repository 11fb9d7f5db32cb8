package dev.throng.reindex;

import dev.throng.catalog.BlobReader;
import dev.throng.catalog.BlobStore.LocalFile;
import dev.throng.catalog.CollectionIndex.Built;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Original;
import dev.throng.catalog.Originals;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.index.Pipeline;
import dev.throng.index.Pipeline.Batches;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the chunks of live documents again: from the stored original, from the file in a followed
 * folder, or, if neither is available, from the chunks in the live index.
 */
final class DocumentReplay {
  private static final Logger log = LoggerFactory.getLogger(DocumentReplay.class);

  /** The source of a document's text. */
  enum TextOrigin {
    ORIGINALS,
    FILES,
    CHUNKS
  }

  /** The result for one document. */
  record Replayed(Built built, TextOrigin from) {}

  private final Originals originals;

  DocumentReplay(Originals originals) {
    this.originals = originals;
  }

  /**
   * How documents are read again.
   *
   * @param live the index that has their chunks now, which were made by {@code before}
   * @param pipeline makes the new chunks
   */
  record ReplayContext(
      CollectionState state, ChunkIndex live, Pipeline before, Pipeline pipeline) {}

  /**
   * Makes the chunks of one document.
   *
   * @throws ThrongException when it cannot be done now
   */
  Replayed replay(ReplayContext context, LiveDocument document, Batches batches) {
    Original original = originals.of(document);
    String name = original.name().isEmpty() ? document.uri() : original.name();
    if (original.blob().isKept()) {
      try (LocalFile file = originals.kept(original)) {
        return replay(
            context, document, file.path(), name, original, TextOrigin.ORIGINALS, batches);
      } catch (ThrongException e) {
        failIfTemporary(document, e);
      }
    }
    Optional<Path> followed = originals.followed(context.state().ref(), document, original);
    if (followed.isPresent()) {
      try {
        return replay(context, document, followed.get(), name, original, TextOrigin.FILES, batches);
      } catch (ThrongException e) {
        failIfTemporary(document, e);
      }
    }
    List<EmbeddedChunk> stored = context.live().chunksOf(document.version());
    if (stored.size() != document.chunkCount()) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "%s has %d of its %d chunks"
              .formatted(document.uri(), stored.size(), document.chunkCount()));
    }
    int chunks = context.pipeline().rebuild(document, stored, known(context, stored), batches);
    // The content hash stays, because chunks made from chunks differ slightly from those of the
    // file. A later read of the file therefore replaces them.
    return new Replayed(
        new Built(document.version(), document.contentHash(), chunks), TextOrigin.CHUNKS);
  }

  private static Replayed replay(
      ReplayContext context,
      LiveDocument document,
      Path file,
      String name,
      Original original,
      TextOrigin from,
      Batches batches) {
    Hash content =
        original.isKnown() ? original.blob().content() : BlobReader.describe(file).content();
    List<EmbeddedChunk> stored =
        context.pipeline().embedsLike(context.before()) && Pipeline.isReusable(document)
            ? context.live().chunksOf(document.version())
            : List.of();
    int chunks = context.pipeline().rebuild(document, file, name, known(context, stored), batches);
    return new Replayed(
        new Built(document.version(), context.pipeline().contentHash(content, name), chunks), from);
  }

  /**
   * Fails if the source is only temporarily unavailable. If the document's own source can no longer
   * be read, its chunks are used instead.
   */
  private static void failIfTemporary(LiveDocument document, ThrongException failure) {
    boolean isGone = failure.code() == ErrorCode.STORAGE_FAILED; // or unreadable
    if (failure.code().kind().isTransient() && !isGone) {
      throw failure;
    }
    log.info("{} is rebuilt from its chunks: {}", document.uri(), failure.getMessage());
  }

  /** Returns the embeddings that can be reused. */
  private static Map<String, Embedding> known(ReplayContext context, List<EmbeddedChunk> stored) {
    return context.pipeline().embedsLike(context.before()) ? Pipeline.byText(stored) : Map.of();
  }
}
