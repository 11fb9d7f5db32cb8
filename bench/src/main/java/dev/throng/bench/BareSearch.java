package dev.throng.bench;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * The reference for searches: tokeniser, model and Lucene called one after the other, one thread
 * per core, on an index that Throng wrote; no server, no fusion, no snapshot, no JSON.
 */
final class BareSearch implements AutoCloseable {
  private static final Analyzer ANALYZER = new EnglishAnalyzer();
  private static final int LEXICAL = 100;
  private static final int DENSE = 200;
  private static final int FETCHED = 10;

  private final BareModel model;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  BareSearch(Path index) throws IOException, OrtException {
    this.model = new BareModel();
    this.reader = DirectoryReader.open(FSDirectory.open(index));
    this.searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
  }

  /** Searches for {@code seconds}; returns searches per second. */
  double run(List<String> questions, int seconds) throws InterruptedException {
    LongAdder done = new LongAdder();
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    List<Thread> threads =
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
            .mapToObj(i ->
                Thread.ofPlatform()
                    .name("bare-search-" + i)
                    .start(() -> {
                      while (System.nanoTime() - end < 0) {
                        int n = Math.floorMod(next.getAndIncrement(), questions.size());
                        search(questions.get(n));
                        done.increment();
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    return done.sum() / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() throws IOException, OrtException {
    reader.close();
    model.close();
  }

  private void search(String question) {
    try {
      float[] vector = model.embed(question);
      TopDocs lexical =
          searcher.search(new QueryBuilder(ANALYZER).createBooleanQuery("body", question), LEXICAL);
      TopDocs dense = searcher.search(new KnnFloatVectorQuery("vector", vector, DENSE), LEXICAL);
      StoredFields stored = searcher.storedFields();
      for (ScoreDoc[] found : List.of(lexical.scoreDocs, dense.scoreDocs)) {
        for (int i = 0; i < Math.min(FETCHED / 2, found.length); i++) {
          stored.document(found[i].doc);
        }
      }
    } catch (IOException | OrtException e) {
      throw new IllegalStateException("the reference failed", e);
    }
  }
}
