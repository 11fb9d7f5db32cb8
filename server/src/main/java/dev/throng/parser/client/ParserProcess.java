package dev.throng.parser.client;

import dev.throng.config.ParserConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.parser.api.ParseRules;
import dev.throng.parser.api.ParserProtocol;
import dev.throng.parser.api.ParserProtocol.Request;
import dev.throng.parser.api.ParserProtocol.Summary;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of one {@link ParserWorker}. The worker parses one document at a time. If it
 * crashes, hangs or fills the disk, only that document fails, and this object can no longer be
 * used.
 */
final class ParserProcess implements AutoCloseable {
  /**
   * A fresh JVM loads several hundred parser classes before its first document: a second on an idle
   * core, many times as long on a share of a busy one. One that cannot start exits.
   */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private static final long EXIT_WAIT_MILLIS = 1_000;
  private static final long DISK_CHECK_MILLIS = 250;

  /** The exit code of a JVM with -XX:+ExitOnOutOfMemoryError. */
  private static final int OUT_OF_MEMORY = 3;

  /** Enough for recursive parsers, and quickly exhausted by a document that is made for it. */
  private static final String STACK = "-Xss2m";

  /** A name, because the class is on the class path of its own process only. */
  private static final String WORKER = "dev.throng.parser.worker.ParserWorker";

  /** The folder of the worker's jars. It is not set in tests, whose class path contains them. */
  private static final String PARSER_LIB = "throng.parser.lib";

  /**
   * The environment variables that a worker and tesseract need. It reads untrusted input, so it
   * gets no secrets.
   */
  static final Set<String> ENVIRONMENT =
      Set.of(
          "PATH",
          "HOME",
          "LANG",
          "LC_ALL",
          "LC_CTYPE",
          "TZ",
          "TMPDIR",
          "LD_LIBRARY_PATH",
          "TESSDATA_PREFIX",
          "OMP_THREAD_LIMIT");

  private final ParserConfig config;
  private final ScratchFolder scratch;
  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int documents;

  /**
   * Starts the worker. Call {@link #awaitReady} before the first document.
   *
   * @throws ThrongException PARSER_UNAVAILABLE when it does not start
   */
  ParserProcess(ParserConfig config, ScratchFolder scratch) {
    this.config = config;
    this.scratch = scratch;
    this.process = start(config, scratch);
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
  }

  /**
   * Waits until the worker is ready.
   *
   * @throws ThrongException PARSER_UNAVAILABLE when it ended, was closed, or took too long
   */
  void awaitReady() {
    Watchdog watchdog = new Watchdog(START_TIMEOUT, null);
    try {
      if (in.readInt() != ParserProtocol.READY) {
        throw new IOException("unexpected output (expected: the ready mark)");
      }
    } catch (IOException e) {
      close();
      throw new ThrongException(
          ErrorCode.PARSER_UNAVAILABLE,
          "the parser was not ready within %d s: %s".formatted(START_TIMEOUT.toSeconds(), e),
          e);
    } finally {
      watchdog.stop();
    }
  }

  /** Returns the number of documents parsed so far. */
  int documents() {
    return documents;
  }

  boolean isUsable() {
    return process.isAlive();
  }

  /**
   * Parses one document into the spool file.
   *
   * @throws ThrongException the failure that the worker reported; PARSER_TIMEOUT, PARSER_CRASHED or
   *     DOCUMENT_BOMB when it died or had to be killed
   */
  Summary parse(Path file, String name, Path spool, Duration timeout) {
    documents++;
    // Created again with the folder of the spool, in case they were deleted.
    ScratchFolder.at(scratch.path());
    Watchdog watchdog = new Watchdog(timeout, spool);
    try {
      out.write(ParserProtocol.REQUEST_MARK);
      new Request(
              file.toAbsolutePath().toString(),
              name,
              spool.toAbsolutePath().toString(),
              rules(config))
          .write(out);
      out.flush();
      if (in.readInt() != ParserProtocol.ANSWER_MARK) {
        throw new IOException("invalid answer");
      }
      String status = ParserProtocol.read(in);
      if (status.equals(ParserProtocol.OK)) {
        return Summary.read(in);
      }
      String message = ParserProtocol.read(in);
      ErrorCode code =
          ErrorCode.of(status.toLowerCase(java.util.Locale.ROOT))
              .orElseThrow(() -> new IOException("invalid answer"));
      throw new ThrongException(code, "%s: %s".formatted(name, message));
    } catch (IOException e) {
      watchdog.stop();
      awaitExit(); // its own exit code shows the cause
      close();
      throw death(name, watchdog, timeout, e);
    } finally {
      watchdog.stop();
      scratch.empty();
    }
  }

  /** Waits for the exit of the process, whose pipe is closed slightly earlier. */
  private void awaitExit() {
    try {
      var _ = process.waitFor(EXIT_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills the worker, whatever it is doing, and waits until it has ended. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it ends without being waited for
    }
    scratch.empty();
  }

  private ThrongException death(String name, Watchdog watchdog, Duration timeout, IOException e) {
    return switch (watchdog.verdict) {
      case TIME ->
          new ThrongException(
              ErrorCode.PARSER_TIMEOUT,
              "%s: not parsed within %d ms".formatted(name, timeout.toMillis()),
              e);
      case DISK ->
          new ThrongException(
              ErrorCode.DOCUMENT_BOMB,
              "%s: more than %d MiB of temporary files (`ingest.parse_disk`)"
                  .formatted(name, config.diskBytes() >> 20),
              e);
      case NONE -> {
        boolean isOutOfMemory = !process.isAlive() && process.exitValue() == OUT_OF_MEMORY;
        yield new ThrongException(
            isOutOfMemory ? ErrorCode.PARSER_OUT_OF_MEMORY : ErrorCode.PARSER_CRASHED,
            isOutOfMemory
                ? "%s: the parser needs more than its %d MiB of memory"
                    .formatted(name, config.heapBytes() >> 20)
                : "%s: the parser died: %s".formatted(name, e.getMessage()),
            e);
      }
    };
  }

  private static Process start(ParserConfig config, ScratchFolder scratch) {
    try {
      ProcessBuilder worker =
          new ProcessBuilder(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + config.heapBytes(),
                  STACK,
                  "-XX:+ExitOnOutOfMemoryError",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-XX:-UsePerfData",
                  "-Djava.awt.headless=true",
                  "-Djava.io.tmpdir=" + scratch.path(),
                  "-Djdk.xml.entityExpansionLimit=2500",
                  "-Djavax.xml.accessExternalDTD=",
                  "-Djavax.xml.accessExternalSchema=",
                  "-cp",
                  classPath(),
                  WORKER));
      worker.environment().keySet().retainAll(ENVIRONMENT);
      return worker.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.PARSER_UNAVAILABLE, "the parser could not be started: " + e, e);
    }
  }

  private static String classPath() {
    String lib = System.getProperty(PARSER_LIB);
    return lib == null ? System.getProperty("java.class.path") : Path.of(lib, "*").toString();
  }

  private static ParseRules rules(ParserConfig config) {
    return new ParseRules(
        config.maxTextChars(),
        config.maxNestingDepth(),
        config.maxEntries(),
        config.archives(),
        config.ocr().isOn(),
        config.ocr().languages());
  }

  private enum Verdict {
    NONE,
    TIME,
    DISK
  }

  /** Kills the worker when it takes too long or fills the disk. */
  private final class Watchdog {
    private final Thread thread;
    private final @org.jspecify.annotations.Nullable Path spool;
    private final long endNanos;
    private volatile Verdict verdict = Verdict.NONE;

    Watchdog(Duration timeout, @org.jspecify.annotations.Nullable Path spool) {
      this.spool = spool;
      this.endNanos = System.nanoTime() + timeout.toNanos();
      this.thread = Thread.ofVirtual().name("parse-watchdog").start(this::watch);
    }

    void stop() {
      thread.interrupt();
    }

    private void watch() {
      try {
        for (long left = left(); left > 0; left = left()) {
          TimeUnit.NANOSECONDS.sleep(
              Math.min(left, TimeUnit.MILLISECONDS.toNanos(DISK_CHECK_MILLIS)));
          if (scratch.bytes(spool) > config.diskBytes()) {
            end(Verdict.DISK);
            return;
          }
        }
        end(Verdict.TIME);
      } catch (InterruptedException e) {
        return; // the answer arrived in time
      }
    }

    private long left() {
      // A document that produces much text is making progress, not hanging.
      double textMebibytes = spool == null ? 0 : spool.toFile().length() / 1048576.0;
      long earned = (long) (config.timeoutPerMebibyte().toNanos() * textMebibytes);
      return endNanos + earned - System.nanoTime();
    }

    private void end(Verdict reason) {
      verdict = reason;
      process.destroyForcibly();
    }
  }
}
