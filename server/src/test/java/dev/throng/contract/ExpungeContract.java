package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Embedding;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkIndex.TextListener;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.EmbeddedChunk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine that stores chunks must do so that deleted chunks are gone for good. */
public abstract class ExpungeContract {
  private static final CollectionRef REF = new CollectionRef("default", "expunged");
  private static final IndexSpec SPEC = new IndexSpec("en", "hash-64", HashEmbedder.DIMENSION);
  private static final String SECRET = "Kqzvwmplrtxjbgnd";

  @TempDir private Path folder = Path.of("");

  /** As {@link ChunkStoreContract#open}. */
  protected abstract ChunkStore open(Path folder);

  private static EmbeddedChunk chunk(long version, int ordinal, String text) {
    Chunk chunk = new Chunk("d" + version, version, ordinal, "", 0, 0, text.length(), text);
    return new EmbeddedChunk(
        chunk, Embedding.normalised(HashEmbedder.vector(text, HashEmbedder.DIMENSION)));
  }

  /** All texts and words that the index contains. */
  private static List<String> contents(ChunkIndex index) {
    List<String> contents = new ArrayList<>();
    index.forEachText(
        new TextListener() {
          @Override
          public void text(String text) {
            contents.add(text);
          }

          @Override
          public void word(String word) {
            contents.add("word " + word);
          }
        });
    return contents;
  }

  private static boolean contains(ChunkIndex index, String text) {
    return contents(index).stream().anyMatch(each -> each.contains(text));
  }

  @Test
  void expungedTextLeavesNeitherTextNorWords() {
    try (ChunkStore store = open(folder)) {
      ChunkIndex index = store.open(REF, 1, SPEC);
      // Beside others in its segment, so that deleting it alone drops no segment.
      index.write(
          Stream.concat(
                  Stream.of(chunk(1, 0, "the word is " + SECRET)),
                  IntStream.range(0, 20).mapToObj(i -> chunk(2, i, "a rule of number " + i)))
              .toList());
      index.commit();
      assertTrue(contains(index, SECRET));
      index.deleteVersions(Set.of(1L));
      index.commit();
      index.expunge();
      assertFalse(contains(index, SECRET), () -> contents(index).toString());
      assertFalse(contains(index, "word kqzv"), () -> contents(index).toString());
      assertTrue(contains(index, "a rule of number 19"));
      assertEquals(Set.of(2L), index.versions());
      assertEquals(20, index.chunksOf(2).size());
      index.expunge();
      assertEquals(20, index.chunksOf(2).size());
    }
  }

  @Test
  void expungeOfAnEmptyIndexDoesNothing() {
    try (ChunkStore store = open(folder)) {
      ChunkIndex index = store.open(REF, 2, SPEC);
      assertEquals(0, index.expunge().chunks());
      index.write(List.of(chunk(1, 0, "a rule")));
      index.commit();
      index.deleteVersions(Set.of(1L));
      index.commit();
      index.expunge();
      assertEquals(List.of(), contents(index));
    }
  }
}
