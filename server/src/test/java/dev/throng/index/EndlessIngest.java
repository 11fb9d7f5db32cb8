package dev.throng.index;

import dev.throng.backend.Embedders;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.DocumentIds;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.parser.client.MemoryDocument;
import dev.throng.parser.client.ParsedDocument;
import dev.throng.store.lucene.LuceneChunkStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that changes documents until it is killed. It prints {@code try uri stamp} before a
 * change, and {@code ack uri stamp} once the change is published. A stamp of 0 means a deletion.
 */
final class EndlessIngest {
  static final CollectionRef REF = new CollectionRef("default", "default");
  static final int PARAGRAPHS = 5;
  private static final int DOCUMENTS = 6;
  private static final int DELETE_EACH = 7;

  private EndlessIngest() {}

  /** Arguments: the folder, and the first stamp to use. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path folder = Path.of(args[0]);
    InstantSource clock = InstantSource.system();
    IngestConfig config =
        Configs.with(
                "ingest.deletion_grace",
                "0s",
                "ingest.chunk_tokens",
                "32",
                "ingest.overlap_tokens",
                "0")
            .ingest();
    Catalog catalog = Catalog.openSqlite(folder.resolve("catalog.sqlite"), clock);
    LuceneChunkStore store = new LuceneChunkStore(folder.resolve("index"));
    Indexer indexer =
        new Indexer(
            catalog,
            store,
            Embedders.only(new HashEmbedder()),
            config,
            clock,
            folder.resolve("spool"));
    indexer.openCollection(REF);
    out.println("ready");
    for (int stamp = Integer.parseInt(args[1]); ; stamp++) {
      change(indexer, out, stamp);
    }
  }

  /** Two documents per publish, so that a partial publish would be visible. */
  private static void change(Indexer indexer, PrintStream out, int stamp) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String uri = "doc" + (stamp + i) % DOCUMENTS;
      if (stamp % DELETE_EACH == 0) {
        lines.add(uri + " 0");
        out.println("try " + lines.getLast());
        indexer.remove(REF, List.of(DocumentIds.of(REF, uri)));
      } else {
        lines.add(uri + " " + stamp);
        out.println("try " + lines.getLast());
        indexer.ingest(
            REF,
            uri,
            document(stamp),
            uri,
            indexer.contentHash(REF, Hash.of(new byte[] {(byte) stamp}), ""));
      }
    }
    indexer.publish(REF);
    lines.forEach(line -> out.println("ack " + line));
  }

  private static ParsedDocument document(int stamp) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PARAGRAPHS; i++) {
      text.append(
          "paragraph %d of edition stamp%d says %s%n%n".formatted(i, stamp, "word ".repeat(18)));
    }
    return MemoryDocument.of("", text.toString());
  }
}
