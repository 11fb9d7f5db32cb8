package dev.throng.parser.client;

import dev.throng.config.ParserConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers, up to the configured number. Each is started when it is first needed, and restarted
 * after it was ended. A caller waits when none is free.
 */
final class WorkerPool implements AutoCloseable {
  /** At least two, so that a hanging document does not block all others. */
  private static final int MIN_WORKERS = 2;

  /**
   * Number of documents after which a worker is replaced, because parsers keep caches that are
   * never emptied.
   */
  private static final int MAX_DOCUMENTS = 500;

  /** One place for a worker. Only the caller that has taken it from the queue uses its process. */
  private static final class Place {
    private final ScratchFolder scratch;
    private final AtomicReference<@Nullable ParserProcess> process = new AtomicReference<>();

    Place(ScratchFolder scratch) {
      this.scratch = scratch;
    }
  }

  private final ParserConfig config;
  private final BlockingDeque<Place> free = new LinkedBlockingDeque<>();
  private final Set<Place> all = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  WorkerPool(ParserConfig config, Path folder) {
    this.config = config;
    int workers =
        config.workers() > 0
            ? config.workers()
            : Math.max(MIN_WORKERS, Runtime.getRuntime().availableProcessors() / 2);
    for (int i = 0; i < workers; i++) {
      Place place = new Place(ScratchFolder.at(folder.resolve("worker-" + i)));
      place.scratch.empty();
      all.add(place);
      free.add(place);
    }
  }

  /**
   * Runs work with one worker.
   *
   * @throws ThrongException SHUTTING_DOWN when interrupted or closed while waiting for a worker
   */
  <T> T with(Function<ParserProcess, T> work) {
    Place place = take();
    try {
      return work.apply(ready(place));
    } finally {
      free.addFirst(place); // reuse the warm one first
    }
  }

  @Override
  public void close() {
    isClosed = true;
    for (Place place : all) {
      ParserProcess process = place.process.get();
      if (process != null) {
        process.close();
      }
    }
  }

  private Place take() {
    try {
      return free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted before it was parsed", e);
    }
  }

  private ParserProcess ready(Place place) {
    if (isClosed) {
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "the parser is closed");
    }
    ParserProcess process = place.process.get();
    if (process != null && process.isUsable() && process.documents() < MAX_DOCUMENTS) {
      return process;
    }
    if (process != null) {
      process.close();
    }
    ParserProcess fresh = new ParserProcess(config, place.scratch);
    place.process.set(fresh); // before the wait, so that closing the pool ends it
    if (isClosed) {
      fresh.close();
    }
    fresh.awaitReady();
    return fresh;
  }
}
