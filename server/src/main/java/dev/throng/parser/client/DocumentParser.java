package dev.throng.parser.client;

import dev.throng.config.ParserConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.parser.api.Format;
import dev.throng.parser.api.ParserProtocol.Summary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Parses documents of all formats in child processes, which may crash. Their output goes through
 * files and is never completely in this process's memory.
 */
public final class DocumentParser implements AutoCloseable {
  /**
   * Part of every content hash. It must be increased when a parsing change affects chunks, so that
   * documents are read again.
   */
  public static final int VERSION = 8;

  /**
   * Maximum time that the size of a file adds to its timeout. A parser that works longer without
   * producing text is hanging, however large the file is. Text that it produces adds more time.
   */
  private static final Duration MAX_ALLOWANCE = Duration.ofSeconds(12);

  private static final String SPOOL_ENDING = ".blocks";

  private final ParserConfig config;
  private final Path spoolFolder;
  private final WorkerPool workers;
  private final AtomicLong spools = new AtomicLong();

  /**
   * Creates a parser.
   *
   * @param spoolFolder used only by this object; files that a crash has left there are deleted
   */
  public DocumentParser(ParserConfig config, Path spoolFolder) {
    this.config = config;
    this.spoolFolder = ScratchFolder.at(spoolFolder).path();
    deleteSpools();
    this.workers = new WorkerPool(config, this.spoolFolder);
  }

  /** Returns the format of a file's name, which is the same for all its extensions; "" for none. */
  public static String formatOf(String name) {
    Format format = Format.ofName(name);
    return format == null ? "" : format.name();
  }

  /** Returns whether a file of this name can be parsed, if the configuration enables it. */
  public static boolean isSupported(String name) {
    Format format = Format.ofName(name);
    return format != null && format != Format.IMAGE && format != Format.ARCHIVE;
  }

  /**
   * Parses one file, and waits for a free worker if necessary.
   *
   * @param name the document's name, whose extension gives the expected format
   * @return the document, which must be closed
   * @throws ThrongException a DOCUMENT_*, UNSUPPORTED_DOCUMENT, OCR_UNAVAILABLE or PARSER_* code,
   *     never empty text as success; SHUTTING_DOWN when interrupted while waiting
   */
  public ParsedDocument parse(Path file, String name) {
    if (Format.ofName(name) == null) {
      throw new ThrongException(
          ErrorCode.UNSUPPORTED_DOCUMENT,
          "%s: files ending in \"%s\" cannot be read".formatted(name, Format.ending(name)));
    }
    long bytes = checkSize(file, name);
    Path spool = spoolFolder.resolve(spools.incrementAndGet() + SPOOL_ENDING);
    boolean isParsed = false;
    try {
      Summary summary =
          workers.with(worker -> worker.parse(file, name, spool, timeout(name, bytes)));
      isParsed = true;
      return new SpooledDocument(spool, summary);
    } finally {
      if (!isParsed) {
        delete(spool);
      }
    }
  }

  @Override
  public void close() {
    workers.close();
    deleteSpools();
  }

  /**
   * Checks that a file is not larger than the limit.
   *
   * @throws ThrongException DOCUMENT_TOO_LARGE
   */
  public void checkSize(Path file) {
    checkSize(file, file.getFileName().toString());
  }

  private long checkSize(Path file, String name) {
    try {
      long bytes = Files.size(file);
      if (bytes > config.maxFileBytes()) {
        throw new ThrongException(
            ErrorCode.DOCUMENT_TOO_LARGE,
            "%s: %d bytes (expected: at most %d)".formatted(name, bytes, config.maxFileBytes()));
      }
      return bytes;
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, name + ": " + e, e);
    }
  }

  private Duration timeout(String name, long bytes) {
    Format format = Format.ofName(name);
    boolean mayNeedOcr = config.ocr().isOn() && (format == Format.PDF || format == Format.IMAGE);
    long allowanceMillis = (long) (config.timeoutPerMebibyte().toMillis() * (bytes / 1048576.0));
    return mayNeedOcr
        ? config.ocr().timeout().plusMillis(allowanceMillis)
        : config.timeout().plusMillis(Math.min(allowanceMillis, MAX_ALLOWANCE.toMillis()));
  }

  private void deleteSpools() {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(spoolFolder, "*" + SPOOL_ENDING)) {
      left.forEach(DocumentParser::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
