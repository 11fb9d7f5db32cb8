package dev.throng.reindex;

import static dev.throng.fixtures.TestCorpus.REF;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.catalog.Job;
import dev.throng.fixtures.TestCorpus;
import dev.throng.jobs.JobRunner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that were read otherwise are read again, and nothing else is. */
final class OutdatedCollectionsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void documentsThatWereReadOtherwiseAreReadAgainAtTheNextStart() {
    try (TestCorpus corpus = new TestCorpus(folder);
        JobRunner runner = corpus.newRunner()) {
      runner.start();
      ReindexTest.awaitDone(corpus, ReindexTest.send(corpus.newQueue(runner)));
      assertEquals(List.of(), reindexOutdated(corpus), "nothing has changed");
    }
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.chunk_tokens", "100");
        JobRunner runner = corpus.newRunner()) {
      List<Job> queued = reindexOutdated(corpus);
      assertEquals(1, queued.size());
      assertEquals(queued, reindexOutdated(corpus), "one job is enough");
      runner.start();
      ReindexTest.awaitDone(corpus, queued.getFirst());
      assertEquals(2, corpus.state().indexNumber());
      assertEquals(List.of(), reindexOutdated(corpus), "all are read");
    }
  }

  @Test
  void rollbackIsNotUndoneByTheNextStart() {
    try (TestCorpus corpus = new TestCorpus(folder);
        JobRunner runner = corpus.newRunner()) {
      runner.start();
      ReindexTest.awaitDone(corpus, ReindexTest.send(corpus.newQueue(runner)));
    }
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.chunk_tokens", "100");
        JobRunner runner = corpus.newRunner()) {
      runner.start();
      ReindexTest.awaitDone(corpus, reindexOutdated(corpus).getFirst());
      ReindexTest.awaitDone(corpus, ReindexTest.queue(corpus).rollBack(REF));
      assertEquals(1, corpus.state().indexNumber());
      assertEquals(List.of(), reindexOutdated(corpus));
    }
  }

  /** Returns the open jobs afterwards. */
  private static List<Job> reindexOutdated(TestCorpus corpus) {
    ReindexQueue queue = ReindexTest.queue(corpus);
    new OutdatedCollections(corpus.catalog(), corpus.indexer(), queue).reindex();
    return queue.open(REF).stream().toList();
  }
}
