package dev.throng.janitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerParts;
import dev.throng.answer.AnswerPurge;
import dev.throng.answer.AnswerService;
import dev.throng.answer.Fallback;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.SharedPurge;
import dev.throng.catalog.Blob;
import dev.throng.catalog.BlobStore;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.Job;
import dev.throng.core.CollectionRef;
import dev.throng.core.Ids;
import dev.throng.core.Metadata;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.CrashingStore;
import dev.throng.fixtures.ScriptedGenerator;
import dev.throng.fixtures.TestCorpus;
import dev.throng.flight.LocalFlights;
import dev.throng.flight.StreamRecords;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import dev.throng.observe.AnswerMetrics;
import dev.throng.store.lucene.LuceneWords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A purge that is interrupted between any two of its steps, and is then repeated. */
@Timeout(120)
final class PurgeCrashTest {
  private static final String SECRET = "Wqkzvxjmprtlbgndfhscyueo";

  /** Steps of the store: before and after each of delete, commit and expunge. */
  private static final int STORE_STEPS = 6;

  /** Before and after each of three lookups of originals; then the state that replicas share. */
  private static final int OTHER_STEPS = 7;

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Counts down to a crash, in originals and in shared state. */
  private static final class Fuse {
    private int stepsLeft = Integer.MAX_VALUE;

    void step() {
      if (stepsLeft-- <= 0) {
        throw new Crash();
      }
    }
  }

  private record CrashingBlobs(BlobStore blobs, Fuse fuse) implements BlobStore {
    @Override
    public Blob put(String name, InputStream content, long maxBytes) {
      return blobs.put(name, content, maxBytes);
    }

    @Override
    public LocalFile local(String key) {
      return blobs.local(key);
    }

    @Override
    public void delete(Collection<String> keys) {
      fuse.step();
      blobs.delete(keys);
      fuse.step();
    }

    @Override
    public Set<String> keysBefore(Instant time) {
      return blobs.keysBefore(time);
    }
  }

  private record CrashingShared(Fuse fuse) implements SharedPurge {
    @Override
    public void awaitWrites() {}

    @Override
    public OptionalLong purge(Map<CollectionRef, LongPredicate> isLive) {
      fuse.step();
      return OptionalLong.of(0);
    }

    @Override
    public OptionalLong forEachText(Consumer<byte[]> listener) {
      return OptionalLong.of(0);
    }
  }

  /** The parts of a server in a folder, as one process has them. */
  private static final class Life implements AutoCloseable {
    private final Path folder;
    private final Fuse fuse = new Fuse();
    private final CrashingStore store;
    private final TestCorpus corpus;
    private final AnswerPurge answers;
    private final Purge purge;

    Life(Path folder) {
      this.folder = folder;
      AtomicReference<CrashingStore> crashing = new AtomicReference<>();
      corpus =
          new TestCorpus(
              folder,
              plain -> {
                crashing.set(new CrashingStore(plain));
                return crashing.get();
              },
              "ingest.publish_interval",
              "0s");
      store = crashing.get();
      answers = answers();
      corpus.catalog().onPurge(answers::clearHere);
      CrashingBlobs blobs = new CrashingBlobs(corpus.blobs(), fuse);
      Leftovers leftovers =
          new Leftovers(
              corpus.catalog().jobs(), blobs, corpus.newReindexer(), InstantSource.system());
      purge = new Purge(corpus.catalog(), corpus.indexer(), blobs, leftovers, answers);
    }

    private AnswerPurge answers() {
      ScriptedGenerator generator = new ScriptedGenerator();
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      AnswerCache cache = new AnswerCache(corpus.config().cache(), Ticker.system());
      AnswerService service =
          new AnswerService(
              new AnswerParts(
                  corpus.catalog(),
                  corpus.retriever(),
                  generator,
                  Admissions.of(corpus.config().admission(), () -> 1, 2, meters),
                  cache,
                  new LocalFlights(Ticker.system(), cache::isPurged),
                  corpus.config().retrieval(),
                  new Fallback(corpus.config().admission().ladder(), generator),
                  new LuceneWords(),
                  new Ids(() -> ThreadLocalRandom.current().nextLong()),
                  InstantSource.system(),
                  new AnswerMetrics(meters, corpus.config().observe())));
      return new AnswerPurge(
          cache,
          service,
          new StreamRecords(Ticker.system(), null),
          corpus.retriever(),
          new CrashingShared(fuse));
    }

    void sendAndDelete() {
      JobRunner runner = corpus.newRunner();
      IngestQueue queue = corpus.newQueue(runner);
      runner.start();
      String id = send(queue, "secret.md", "The word is " + SECRET + ".");
      send(queue, "other.md", "Something that stays.");
      runner.close();
      queue.delete(TestCorpus.REF, id);
    }

    private String send(IngestQueue queue, String uri, String text) {
      Blob blob = TestCorpus.keep(queue, uri, text);
      DocumentSource source = new DocumentSource(uri, uri, null, Metadata.NONE, null, blob);
      Job job = queue.enqueue(TestCorpus.REF, List.of(source), null).getFirst();
      Await.until(
          uri + " is done",
          () ->
              corpus.catalog().jobs().find("default", job.id()).orElseThrow().state().isFinished());
      return job.spec().subject(TestCorpus.REF);
    }

    Verification.Report verify() {
      return new Verification(
              corpus.catalog(),
              corpus.indexer(),
              corpus.blobs(),
              corpus.retriever(),
              answers,
              LuceneWords::inIndex,
              List.of(folder))
          .run(SoughtTokens.of(List.of(SECRET)));
    }

    @Override
    public void close() {
      corpus.close();
    }
  }

  @Test
  void purgeInterruptedAnywhereIsCompletedByTheNextOne(@TempDir Path root) {
    for (int step = 0; step < STORE_STEPS + OTHER_STEPS; step++) {
      Path folder = root.resolve("step" + step);
      folder.toFile().mkdirs();
      boolean hasCrashed = false;
      try (Life first = new Life(folder)) {
        first.sendAndDelete();
        assertFalse(first.verify().isClean());
        if (step < STORE_STEPS) {
          first.store.crashAfter(step);
        } else {
          first.fuse.stepsLeft = step - STORE_STEPS;
        }
        try {
          first.purge.all();
        } catch (Crash | CrashingStore.Crash e) {
          hasCrashed = true;
        }
      }
      assertTrue(hasCrashed, "step " + step);
      try (Life next = new Life(folder)) {
        assertEquals(List.of(), next.purge.all().failures());
        Verification.Report report = next.verify();
        assertTrue(report.isClean(), "step " + step + ": " + report);
        assertEquals(1, next.corpus.state().byUri().size());
        assertEquals(1, next.corpus.search("something that stays", 5).size());
      }
    }
  }
}
