package dev.throng.ingest.parse;

import dev.throng.config.IngestConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One {@link ParserWorker}, started when first needed and again after each death. One document at a
 * time.
 */
final class ParserProcess implements AutoCloseable {
  /** A fresh JVM loads some hundred parser classes before its first document. */
  private static final long START_ALLOWANCE_MILLIS = 20_000;

  /** By name: to load the class would take Tika's classes, which this process does not have. */
  private static final String WORKER = "dev.throng.ingest.parse.ParserWorker";

  /** Names the folder of Tika's jars; unset in tests, whose own class path has them. */
  private static final String PARSER_LIB = "throng.parser.lib";

  private final IngestConfig config;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Process process;

  ParserProcess(IngestConfig config) {
    this.config = config;
  }

  /**
   * The document as XHTML.
   *
   * @throws ThrongException what the worker reported, or PARSER_CRASHED when it died or took too
   *     long
   */
  String parse(Path file) {
    lock.lock();
    try {
      boolean isFresh = process == null || !process.isAlive();
      Process worker = isFresh ? start() : process;
      process = worker;
      long timeoutMillis =
          config.parseTimeout().toMillis() + (isFresh ? START_ALLOWANCE_MILLIS : 0);
      return exchange(worker, file, timeoutMillis);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (process != null) {
        process.destroyForcibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private String exchange(@Nullable Process worker, Path file, long timeoutMillis) {
    if (worker == null) {
      throw new IllegalStateException("no worker");
    }
    AtomicBoolean timedOut = new AtomicBoolean();
    Thread watchdog =
        Thread.ofVirtual()
            .name("parse-watchdog")
            .start(() -> {
              try {
                TimeUnit.MILLISECONDS.sleep(timeoutMillis);
                timedOut.set(true);
                worker.destroyForcibly();
              } catch (InterruptedException e) {
                return; // the answer came in time
              }
            });
    try {
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(worker.getOutputStream()));
      out.write(ParserProtocol.REQUEST_MARK);
      ParserProtocol.write(out, file.toAbsolutePath().toString());
      out.writeInt(config.maxTextChars());
      out.flush();
      DataInputStream in = new DataInputStream(worker.getInputStream());
      String status = ParserProtocol.read(in);
      String body = ParserProtocol.read(in);
      if (status.equals(ParserProtocol.OK)) {
        return body;
      }
      throw new ThrongException(
          ErrorCode.valueOf(status), "%s: %s".formatted(file.getFileName(), body));
    } catch (IOException e) {
      worker.destroyForcibly();
      process = null; // it may still look alive for a moment, and must not get the next document
      throw new ThrongException(
          ErrorCode.PARSER_CRASHED,
          timedOut.get()
              ? "%s: not parsed within %d ms".formatted(file.getFileName(), timeoutMillis)
              : "%s: the parser died (out of its %d MiB of memory?)"
                  .formatted(file.getFileName(), config.parseHeapBytes() >> 20),
          e);
    } finally {
      watchdog.interrupt();
    }
  }

  private Process start() {
    try {
      return new ProcessBuilder(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + config.parseHeapBytes(),
                  "-XX:+ExitOnOutOfMemoryError",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Djava.awt.headless=true",
                  "-cp",
                  classPath(),
                  WORKER))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.PARSER_CRASHED, "the parser could not be started: " + e, e);
    }
  }

  /** This process's own, and the parsers', which only the child needs. */
  private static String classPath() {
    String own = System.getProperty("java.class.path");
    String parsers = System.getProperty(PARSER_LIB);
    return parsers == null ? own : own + File.pathSeparator + Path.of(parsers, "*");
  }
}
