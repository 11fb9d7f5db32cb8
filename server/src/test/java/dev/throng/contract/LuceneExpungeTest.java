package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Embedding;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.janitor.FileScan;
import dev.throng.janitor.SoughtTokens;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkIndex.TextListener;
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
  private static final long SECRETS_FROM = 100_000;

  /** Rules per secret: many, so that few deletions do not trigger a merge. */
  private static final int RULES = 20;

  private static final TextListener SILENT =
      new TextListener() {
        @Override
        public void text(String text) {}

        @Override
        public void word(String word) {}
      };

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

  /** Versions die in many segments while merges continue. */
  @Test
  void expungedBytesAreInNoFile(@TempDir Path folder) {
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
        List<EmbeddedChunk> chunks = new ArrayList<>();
        chunks.add(chunk(SECRETS_FROM + i, "about " + secrets.get(i)));
        for (int rule = 0; rule < RULES; rule++) {
          chunks.add(chunk((long) i * RULES + rule, "rule %d of section %d".formatted(rule, i)));
        }
        index.write(chunks);
        index.commit();
      }
      for (int i = 0; i < secrets.size(); i++) {
        index.deleteVersions(Set.of(SECRETS_FROM + i));
        index.commit();
      }
      long kept = index.forEachText(SILENT);
      assertTrue(kept > RULES * 40, "deleted chunks are kept: " + kept);
      ChunkIndex.Expunged expunged = index.expunge();
      assertEquals("", expunged.left());
      assertTrue(expunged.chunks() > 0);
      assertEquals(List.of(), foundInFiles(folder, tokens));
      assertEquals(RULES * 40, index.forEachText(SILENT), "only the other chunks remain");
      assertEquals(RULES * 40, index.versions().size());
    }
  }
}
