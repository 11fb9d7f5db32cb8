package dev.throng.app;

import dev.throng.answer.AnswerPurge;
import dev.throng.config.ThrongConfig;
import dev.throng.http.Route;
import dev.throng.http.TenantResolver;
import dev.throng.http.admin.PurgeRoute;
import dev.throng.janitor.Verification;
import dev.throng.store.lucene.LuceneWords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The removal, for good, of deleted documents and of all that was made from them. */
final class Purging {
  private Purging() {}

  static List<Route> routes(
      ThrongConfig config,
      Corpus corpus,
      Ingestion ingest,
      AnswerPurge answers,
      TenantResolver tenants) {
    Verification verification =
        new Verification(
            corpus.catalog(),
            corpus.indexer(),
            ingest.blobs(),
            corpus.retriever(),
            answers,
            LuceneWords::inIndex,
            folders(config));
    return new PurgeRoute(ingest.purge(), verification, tenants).routes();
  }

  private static List<Path> folders(ThrongConfig config) {
    List<Path> folders = new ArrayList<>();
    folders.add(config.data().dir());
    if (!config.ingest().jobs().originalsDir().equals("auto")) {
      folders.add(Path.of(config.ingest().jobs().originalsDir()));
    }
    return folders;
  }
}
