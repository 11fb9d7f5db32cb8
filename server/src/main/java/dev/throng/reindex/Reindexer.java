package dev.throng.reindex;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionIndex;
import dev.throng.catalog.CollectionIndexes;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobState;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Originals;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Futures;
import dev.throng.core.ThrongException;
import dev.throng.index.Indexer;
import dev.throng.index.Pipeline;
import dev.throng.reindex.DocumentReplay.ReplayContext;
import dev.throng.reindex.DocumentReplay.Replayed;
import dev.throng.reindex.DocumentReplay.TextOrigin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds another index of a collection in addition to the live one, and switches to it. The reason
 * may be another embedder, another chunking, or a rollback to the former index after adding what
 * has changed since.
 *
 * <p>Documents continue to be published into the live index, and questions are answered from it.
 * When only a few documents are missing, publishes are held for a moment, the last ones are added,
 * and one transaction switches ({@link CollectionIndexes#switchTo}).
 */
public final class Reindexer {
  private static final Logger log = LoggerFactory.getLogger(Reindexer.class);

  /** Enough to keep every embedding thread busy while others are parsed. */
  private static final int DOCUMENTS_IN_FLIGHT = 4;

  /** Maximum number of documents that are added while publishes are held. */
  private static final int MAX_HELD_DOCUMENTS = 20;

  /** Maximum number of their chunks, some seconds' work. */
  private static final int MAX_HELD_CHUNKS = 200;

  /**
   * Number of rounds after which publishes are held anyway, because documents arrive as fast as
   * they are added.
   */
  private static final int MAX_ROUNDS = 5;

  /** Maximum time for which publishes are held, in case this process dies in the meantime. */
  private static final Duration HOLD = Duration.ofSeconds(20);

  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

  private final Catalog catalog;
  private final CollectionIndexes indexes;
  private final Indexer indexer;
  private final DocumentReplay replay;
  private final InstantSource clock;

  public Reindexer(Catalog catalog, Indexer indexer, Originals originals, InstantSource clock) {
    this.catalog = catalog;
    this.indexes = catalog.indexes();
    this.indexer = indexer;
    this.replay = new DocumentReplay(originals);
    this.clock = clock;
  }

  /**
   * Builds the missing part of an index, and makes it the live one.
   *
   * @param claim of the job
   * @param progress called several times a second; an exception of it stops the work, and what was
   *     built so far stays
   * @return a description of what was done
   * @throws ThrongException INDEX_MISMATCH when the embedder is not available on this server; other
   *     codes when it cannot be done now
   */
  public String run(
      CollectionRef ref, long number, JobClaim claim, Consumer<JobProgress> progress) {
    if (catalog.state(ref).indexNumber() == number) {
      return "it was live already"; // a process died before the job's end
    }
    CollectionIndex index =
        indexes
            .find(ref, number)
            .orElseThrow(() ->
                new ThrongException(
                    ErrorCode.NO_SUCH_INDEX, "%s: index %d was discarded".formatted(ref, number)));
    Pipeline pipeline = indexer.pipeline(index.spec());
    IndexBuild build =
        new IndexBuild(indexes, indexer.index(ref, number, index.spec()), ref, number, claim);
    Work work = new Work(ref, number, pipeline, build, progress);
    try {
      work.buildAndSwitch();
    } finally {
      build.stop();
      resumePublishes(ref, number);
    }
    log.info("{} now uses index {}, made with {}", ref, number, index.spec().embedderId());
    return work.summary();
  }

  private void resumePublishes(CollectionRef ref, long number) {
    try {
      indexes.holdPublishes(ref, number, clock.instant());
    } catch (ThrongException e) {
      log.debug("publishes of {} resume in {}: {}", ref, HOLD, e.getMessage());
    }
  }

  /** Deletes indexes that were dropped longer ago than the grace period. */
  public void deleteDropped(Duration grace) {
    for (CollectionIndexes.Placed dropped : indexes.droppedBefore(clock.instant().minus(grace))) {
      CollectionIndex index = dropped.index();
      indexer.drop(dropped.collection(), index.number(), index.spec());
      indexes.forget(dropped.collection(), index.number());
      log.info("{}: index {} is deleted", dropped.collection(), index.number());
    }
  }

  /**
   * Deletes the dropped indexes of one collection immediately. Their rows stay, and they are
   * deleted again after the grace period, because another replica may be writing into one now.
   */
  public void deleteDroppedOf(CollectionRef ref) {
    for (CollectionIndex index : indexes.of(ref)) {
      if (index.state() == CollectionIndex.State.DROPPED) {
        indexer.drop(ref, index.number(), index.spec());
      }
    }
  }

  /** One run. */
  private final class Work {
    private final CollectionRef ref;
    private final long number;
    private final Pipeline pipeline;
    private final IndexBuild build;
    private final Consumer<JobProgress> progress;
    private final AtomicInteger documentsDone = new AtomicInteger();
    private final AtomicInteger chunksDone = new AtomicInteger();
    private final Map<TextOrigin, Integer> sources = new ConcurrentHashMap<>();
    private long heldNanos;

    Work(
        CollectionRef ref,
        long number,
        Pipeline pipeline,
        IndexBuild build,
        Consumer<JobProgress> progress) {
      this.ref = ref;
      this.number = number;
      this.pipeline = pipeline;
      this.build = build;
      this.progress = progress;
    }

    void buildAndSwitch() {
      CollectionState state = catalog.state(ref);
      for (int round = 0; round < MAX_ROUNDS && !isLittle(missing(state)); round++) {
        add(state, JobState.EMBEDDING);
        state = catalog.state(ref);
      }
      Optional<CollectionState> switched = Optional.empty();
      while (switched.isEmpty()) { // at worst, a document is deleted in the meantime
        hold();
        state = catalog.state(ref);
        add(state, JobState.PUBLISHING);
        build.keepOnly(state.byVersion().keySet());
        switched = indexes.switchTo(ref, number, state.epoch());
      }
    }

    private void hold() {
      heldNanos = System.nanoTime();
      indexes.holdPublishes(ref, number, clock.instant().plus(HOLD));
    }

    private static boolean isLittle(List<LiveDocument> documents) {
      return documents.size() <= MAX_HELD_DOCUMENTS
          && documents.stream().mapToInt(LiveDocument::chunkCount).sum() <= MAX_HELD_CHUNKS;
    }

    private List<LiveDocument> missing(CollectionState state) {
      return state.byVersion().values().stream()
          .filter(document -> !build.has(document.version()))
          .toList();
    }

    /** Adds every live document that is missing. */
    private void add(CollectionState state, JobState step) {
      List<LiveDocument> missing = missing(state);
      ReplayContext context =
          new ReplayContext(
              state,
              indexer.index(ref, state.indexNumber(), state.spec()),
              indexer.pipeline(state.spec()),
              pipeline);
      Collection<LiveDocument> all = state.byVersion().values();
      int total = all.stream().mapToInt(LiveDocument::chunkCount).sum();
      documentsDone.set(all.size() - missing.size());
      chunksDone.set(total - missing.stream().mapToInt(LiveDocument::chunkCount).sum());
      Queue<LiveDocument> left = new ConcurrentLinkedQueue<>(missing);
      List<Future<?>> workers = new ArrayList<>();
      try (ExecutorService threads =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reindex-", 0).factory())) {
        for (int i = 0; i < Math.min(DOCUMENTS_IN_FLIGHT, missing.size()); i++) {
          workers.add(threads.submit(() -> takeFrom(left, context)));
        }
        boolean isDone = false;
        try {
          for (Future<?> worker : workers) {
            await(worker, step, total);
          }
          isDone = true;
        } finally {
          if (!isDone) {
            left.clear();
            build.stop();
          }
        }
      }
      build.commit();
      progress.accept(progress(step, total));
    }

    private void await(Future<?> worker, JobState step, int total) {
      while (true) {
        try {
          worker.get(PROGRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
          return;
        } catch (TimeoutException e) {
          progress.accept(progress(step, total));
          if (step == JobState.PUBLISHING
              && System.nanoTime() - heldNanos > HOLD.dividedBy(2).toNanos()) {
            hold();
          }
        } catch (ExecutionException e) {
          throw Futures.failure(e, "reindexing");
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new ThrongException(ErrorCode.SHUTTING_DOWN, "the reindex was interrupted", e);
        }
      }
    }

    private JobProgress progress(JobState step, int total) {
      return new JobProgress(step, documentsDone.get(), chunksDone.get(), total);
    }

    private void takeFrom(Queue<LiveDocument> left, ReplayContext context) {
      for (LiveDocument next = left.poll(); next != null; next = left.poll()) {
        LiveDocument document = next;
        AtomicInteger counted = new AtomicInteger();
        Replayed replayed =
            replay.replay(
                context,
                document,
                (batch, done) -> {
                  build.write(batch);
                  int most = Math.min(done, document.chunkCount());
                  chunksDone.addAndGet(most - counted.getAndSet(most));
                });
        build.complete(replayed.built());
        documentsDone.incrementAndGet();
        chunksDone.addAndGet(document.chunkCount() - counted.get());
        sources.merge(replayed.from(), 1, Integer::sum);
      }
    }

    String summary() {
      return sources.isEmpty()
          ? "nothing was missing"
          : new TreeMap<>(sources)
              .entrySet().stream()
                  .map(source ->
                      "%d documents from their %s"
                          .formatted(
                              source.getValue(), source.getKey().name().toLowerCase(Locale.ROOT)))
                  .collect(Collectors.joining(", "));
    }
  }
}
