package dev.throng.parser.client;

import dev.throng.config.ParserConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers, up to the configured number. Each is started when it is first needed, and replaced
 * after it has ended. A caller waits when none is free.
 */
final class WorkerPool implements AutoCloseable {
  /** The least that is chosen automatically, so that a hanging document does not block others. */
  private static final int MIN_AUTO_WORKERS = 2;

  /**
   * Number of documents after which a worker is replaced, because parsers keep caches that are
   * never emptied.
   */
  private static final int MAX_DOCUMENTS = 500;

  /** Holds one worker. Only the caller that has taken it from the queue uses its process. */
  private static final class WorkerSlot {
    private final ScratchFolder scratch;
    private final AtomicReference<@Nullable ParserProcess> process = new AtomicReference<>();

    WorkerSlot(ScratchFolder scratch) {
      this.scratch = scratch;
    }
  }

  private final ParserConfig config;
  private final BlockingDeque<WorkerSlot> free = new LinkedBlockingDeque<>();
  private final List<WorkerSlot> all = new ArrayList<>();
  private volatile boolean isClosed;

  WorkerPool(ParserConfig config, Path folder) {
    this.config = config;
    int workers =
        config.workers() > 0
            ? config.workers()
            : Math.max(MIN_AUTO_WORKERS, Runtime.getRuntime().availableProcessors() / 2);
    for (int i = 0; i < workers; i++) {
      WorkerSlot slot = new WorkerSlot(ScratchFolder.at(folder.resolve("worker-" + i)));
      slot.scratch.empty();
      all.add(slot);
      free.add(slot);
    }
  }

  /**
   * Runs work with one worker.
   *
   * @throws ThrongException SHUTTING_DOWN when interrupted or closed while waiting for a worker
   */
  <T> T with(Function<ParserProcess, T> work) {
    WorkerSlot slot = take();
    try {
      return work.apply(ready(slot));
    } finally {
      free.addFirst(slot); // reuse the warm one first
    }
  }

  @Override
  public void close() {
    isClosed = true;
    for (WorkerSlot slot : all) {
      ParserProcess process = slot.process.get();
      if (process != null) {
        process.close();
      }
    }
  }

  private WorkerSlot take() {
    try {
      return free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted before it was parsed", e);
    }
  }

  private ParserProcess ready(WorkerSlot slot) {
    checkOpen();
    ParserProcess process = slot.process.get();
    if (process != null && process.isUsable() && process.documents() < MAX_DOCUMENTS) {
      return process;
    }
    if (process != null) {
      process.close();
    }
    ParserProcess fresh = new ParserProcess(config, slot.scratch);
    slot.process.set(fresh); // before the wait, so that closing the pool ends it
    if (isClosed) {
      fresh.close();
    }
    checkOpen();
    fresh.awaitReady();
    return fresh;
  }

  private void checkOpen() {
    if (isClosed) {
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "the parser is closed");
    }
  }
}
