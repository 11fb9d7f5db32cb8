package dev.throng.ingest.parse;

import dev.throng.config.IngestConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Parses a file by its name's ending: text, tables, Markdown and HTML here, every other format in a
 * child process that may die of it.
 */
public final class DocumentParser implements AutoCloseable {
  /**
   * Part of every content hash: raise it when parsing changes what chunks look like, and documents
   * are read anew.
   */
  public static final int VERSION = 2;

  private static final Set<String> TEXT = Set.of("txt", "text", "log", "rst", "org");
  private static final Set<String> MARKDOWN = Set.of("md", "markdown");
  private static final Set<String> HTML = Set.of("html", "htm", "xhtml");
  private static final Set<String> TABLES = Set.of("csv", "tsv");
  private static final Set<String> OFFICE =
      Set.of(
          "pdf", "docx", "pptx", "xlsx", "doc", "ppt", "xls", "odt", "rtf", "epub", "eml", "msg",
          "json", "xml");

  private final IngestConfig config;
  private final ParserProcess process;

  public DocumentParser(IngestConfig config) {
    this.config = config;
    this.process = new ParserProcess(config);
  }

  /** Whether a file of this name can be parsed at all. */
  public static boolean isSupported(Path file) {
    String ending = ending(file);
    return TEXT.contains(ending)
        || MARKDOWN.contains(ending)
        || HTML.contains(ending)
        || TABLES.contains(ending)
        || OFFICE.contains(ending);
  }

  /**
   * Parses one file.
   *
   * @throws ThrongException a DOCUMENT_*, UNSUPPORTED_DOCUMENT or PARSER_CRASHED code; never empty
   *     text as success
   */
  public ParsedDocument parse(Path file) {
    return parse(file, file.getFileName().toString());
  }

  /** As {@link #parse(Path)}, of a file that has another name for now. */
  public ParsedDocument parse(Path file, String name) {
    ParsedDocument document = parseAny(file, name);
    if (document.text().isBlank()) {
      throw new ThrongException(ErrorCode.DOCUMENT_EMPTY, "%s: no text in it".formatted(name));
    }
    return document;
  }

  @Override
  public void close() {
    process.close();
  }

  private ParsedDocument parseAny(Path file, String name) {
    String ending = ending(Path.of(name));
    if (OFFICE.contains(ending)) {
      checkSize(file);
      return Html.parseXhtml(process.parse(file), config.maxTextChars());
    }
    if (MARKDOWN.contains(ending)) {
      return Markdown.parse(read(file), config.maxTextChars());
    }
    if (HTML.contains(ending)) {
      return Html.parse(read(file), config.maxTextChars());
    }
    if (TABLES.contains(ending)) {
      return Csv.parse(read(file), config.maxTextChars());
    }
    if (TEXT.contains(ending)) {
      return PlainText.parse(read(file), config.maxTextChars());
    }
    throw new ThrongException(
        ErrorCode.UNSUPPORTED_DOCUMENT,
        "%s: files ending in \"%s\" cannot be read".formatted(file.getFileName(), ending));
  }

  private byte[] read(Path file) {
    checkSize(file);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
  }

  /**
   * Checks that a file is not longer than may be read.
   *
   * @throws ThrongException DOCUMENT_TOO_LARGE
   */
  public void checkSize(Path file) {
    try {
      if (Files.size(file) > config.maxFileBytes()) {
        throw new ThrongException(
            ErrorCode.DOCUMENT_TOO_LARGE,
            "%s: %d bytes (expected: at most %d)"
                .formatted(file.getFileName(), Files.size(file), config.maxFileBytes()));
      }
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
