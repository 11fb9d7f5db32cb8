package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Embedding;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.purge.FileScan;
import dev.throng.purge.SoughtTokens;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.lucene.LuceneChunkStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LuceneExpungeTest extends ExpungeContract {
  @Override
  protected ChunkStore open(Path folder) {
    return new LuceneChunkStore(folder);
  }

  private static EmbeddedChunk chunk(long version, String text) {
    return new EmbeddedChunk(
        new Chunk("d" + version, version, 0, "", 0, 0, text.length(), text),
        Embedding.normalised(HashEmbedder.vector(text, HashEmbedder.DIMENSION)));
  }

  private static List<Integer> foundInFiles(Path folder, SoughtTokens tokens) {
    return FileScan.of(List.of(folder), tokens).stream()
        .flatMap(check -> check.found().stream())
        .distinct()
        .toList();
  }

  /** Versions die in many segments, while merges go on. */
  @Test
  void bytesAreInNoFile(@TempDir Path folder) {
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      secrets.add("%c%cvxkwpjrmtbgndfhlc".formatted('a' + i % 26, 'q' + i / 26));
    }
    SoughtTokens tokens = SoughtTokens.of(secrets);
    try (ChunkStore store = open(folder)) {
      ChunkIndex index =
          store.open(
              new CollectionRef("default", "many"),
              1,
              new IndexSpec("en", "hash-64", HashEmbedder.DIMENSION));
      for (int i = 0; i < secrets.size(); i++) {
        index.write(
            List.of(chunk(2L * i, "about " + secrets.get(i)), chunk(2L * i + 1, "rule " + i)));
        index.commit();
        if (i >= 10) {
          index.deleteVersions(Set.of(2L * (i - 10)));
          index.commit();
        }
      }
      for (long i = 30; i < 40; i++) {
        index.deleteVersions(Set.of(2 * i));
      }
      index.commit();
      assertTrue(foundInFiles(folder, tokens).size() > 0, "though most of it is packed");
      ChunkIndex.Expunged expunged = index.expunge();
      assertEquals("", expunged.left());
      assertTrue(expunged.chunks() > 0);
      assertEquals(List.of(), foundInFiles(folder, tokens));
      assertEquals(40, index.versions().size());
    }
  }
}
