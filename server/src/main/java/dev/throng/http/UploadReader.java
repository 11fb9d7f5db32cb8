package dev.throng.http;

import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.MetadataJson;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.MemoryBudget;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.IngestQueue.Upload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.InvalidFileNameException;
import org.apache.commons.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a request: the files of a form, a JSON object with text, or the plain
 * bytes of a single document. Bytes are written directly to their storage.
 */
final class UploadReader {
  private static final int MAX_DOCUMENTS = 1_000;
  private static final int MAX_FIELDS = 100;
  private static final int MAX_JSON_BYTES = 64 << 20;
  private static final int MAX_FIELD_BYTES = 1 << 17;
  private static final int MAX_URI_CHARS = 1_024;
  private static final int MAX_TITLE_CHARS = 1_024;

  /** Smaller JSON bodies are read without a reservation. */
  private static final int SMALL_JSON_BYTES = 1 << 16;

  /** Memory for each byte of a text while it is read: parsed, as a string, and encoded again. */
  private static final int MEMORY_PER_JSON_BYTE = 6;

  private static final double HEAP_SHARE = 0.4;
  private static final Duration MEMORY_WAIT = Duration.ofSeconds(60);

  /** File extensions for documents that are sent as text. */
  private static final Map<String, String> TEXT_FORMATS =
      Map.of("text", ".txt", "markdown", ".md", "html", ".html");

  /** File extensions for bodies that are identified only by their media type. */
  private static final Map<String, String> EXTENSIONS =
      Map.ofEntries(
          Map.entry("text/plain", ".txt"),
          Map.entry("text/markdown", ".md"),
          Map.entry("text/html", ".html"),
          Map.entry("text/csv", ".csv"),
          Map.entry("application/pdf", ".pdf"),
          Map.entry("application/rtf", ".rtf"),
          Map.entry("application/epub+zip", ".epub"),
          Map.entry("message/rfc822", ".eml"),
          Map.entry("application/msword", ".doc"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"));

  private final IngestQueue queue;
  private final MemoryBudget memory = MemoryBudget.ofHeap(HEAP_SHARE);

  UploadReader(IngestQueue queue) {
    this.queue = queue;
  }

  /**
   * Reads every document of a request. Their bytes are stored when this returns.
   *
   * @param upload limits of the request, checked before each document is stored
   * @throws ThrongException INVALID_FIELD, MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE,
   *     DOCUMENT_TOO_LARGE, STORAGE_FULL and others; nothing is stored then
   */
  List<DocumentSource> read(Exchange exchange, Upload upload) {
    List<DocumentSource> sources = new ArrayList<>();
    try {
      String type = exchange.mediaType();
      switch (type) {
        case "multipart/form-data" -> readForm(exchange, upload, sources);
        case "application/json" ->
            readJson(
                exchange,
                fields -> sources.add(readText(fields, uriOf(fields), upload, sources.size())));
        default ->
            throw new ThrongException(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type: \"%s\" (expected: multipart/form-data, or application/json)"
                    .formatted(type));
      }
      if (sources.isEmpty()) {
        throw ThrongException.invalidField("the form", "no file", "at least one file");
      }
      return sources;
    } catch (RuntimeException e) {
      queue.discard(sources);
      throw e;
    }
  }

  /**
   * Reads the new content of one document.
   *
   * @param uri the document's uri, which the content does not change
   */
  DocumentSource readOne(Exchange exchange, Upload upload, String uri) {
    String type = exchange.mediaType();
    List<DocumentSource> sources = new ArrayList<>();
    try {
      switch (type) {
        case "multipart/form-data" -> readForm(exchange, upload, sources);
        case "application/json" ->
            readJson(
                exchange, fields -> sources.add(readText(fields, uri, upload, sources.size())));
        default -> sources.add(readBody(exchange, upload, uri, type));
      }
      if (sources.size() != 1) {
        throw ThrongException.invalidField("the form", sources.size() + " files", "one file");
      }
      DocumentSource sent = sources.getFirst();
      return sent.at(uri);
    } catch (RuntimeException e) {
      queue.discard(sources);
      throw e;
    }
  }

  private static void checkCount(int alreadyRead) {
    if (alreadyRead == MAX_DOCUMENTS) {
      throw ThrongException.invalidField(
          "the request", "too many documents", "at most %d".formatted(MAX_DOCUMENTS));
    }
  }

  private void readForm(Exchange exchange, Upload upload, List<DocumentSource> sources) {
    FileUpload form = new FileUpload();
    form.setHeaderEncoding(StandardCharsets.UTF_8.name());
    try {
      FileItemIterator parts = form.getItemIterator(new Body(exchange));
      Known known = Known.NOTHING;
      int fields = 0;
      while (parts.hasNext()) {
        FileItemStream part = parts.next();
        if (!part.isFormField()) {
          sources.add(readFile(part, known, upload, sources.size()));
        } else if (++fields > MAX_FIELDS) {
          throw ThrongException.invalidField(
              "the form", "too many fields", "at most %d".formatted(MAX_FIELDS));
        } else {
          known = known.with(part.getFieldName(), fieldText(part));
        }
      }
    } catch (InvalidFileNameException e) {
      throw ThrongException.invalidField("filename", e.getName(), "a name without NUL");
    } catch (FileUploadException e) {
      throw new ThrongException(
          ErrorCode.MALFORMED_HTTP, "the form cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("the form arrived incomplete", e);
    }
  }

  private static String fieldText(FileItemStream part) throws IOException {
    try (InputStream in = part.openStream()) {
      byte[] text = in.readNBytes(MAX_FIELD_BYTES + 1);
      if (text.length > MAX_FIELD_BYTES) {
        throw ThrongException.invalidField(
            part.getFieldName(), "a longer value", "at most %d bytes".formatted(MAX_FIELD_BYTES));
      }
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  /** What the fields of a form specify for the files after them. */
  private record Known(@Nullable String title, Metadata metadata, @Nullable Instant modifiedAt) {
    static final Known NOTHING = new Known(null, Metadata.NONE, null);

    Known with(String field, String text) {
      return switch (field) {
        case "title" -> new Known(checkedTitle(text), metadata, modifiedAt);
        case "metadata" ->
            new Known(title, MetadataJson.read(JsonFields.parseObject(text)), modifiedAt);
        case "modified_at" -> new Known(title, metadata, JsonFields.moment(field, text));
        default ->
            throw new ThrongException(
                ErrorCode.UNKNOWN_FIELD,
                "\"%s\" (expected: files, and before them title, metadata or modified_at)"
                    .formatted(field));
      };
    }
  }

  private DocumentSource readFile(FileItemStream part, Known known, Upload upload, int alreadyRead)
      throws IOException {
    checkCount(alreadyRead);
    String uri = checkedUri("filename", Optional.ofNullable(part.getName()).orElse(""));
    try (InputStream content = part.openStream()) {
      return new DocumentSource(
          uri,
          nameOf(uri),
          known.title(),
          known.metadata(),
          known.modifiedAt(),
          upload.keep(uri, content));
    }
  }

  /** Reads the documents of a JSON body one by one, in memory that is reserved for them. */
  private void readJson(Exchange exchange, Consumer<JsonFields> documents) {
    exchange.checkJson();
    long announced = exchange.contentLength().orElse(MAX_JSON_BYTES);
    if (announced > MAX_JSON_BYTES) {
      throw Exchange.tooLarge(announced + " bytes", MAX_JSON_BYTES);
    }
    long needed = announced <= SMALL_JSON_BYTES ? 0 : announced * MEMORY_PER_JSON_BYTE;
    int maxTextChars = (int) Math.min(MAX_JSON_BYTES, memory.bytes() / MEMORY_PER_JSON_BYTE);
    try (var _ = memory.reserve(needed, Deadline.after(Ticker.system(), MEMORY_WAIT))) {
      InputStream body = new LimitedBody(exchange.body(), MAX_JSON_BYTES);
      JsonDocuments.read(body, maxTextChars, documents);
    }
  }

  private static String uriOf(JsonFields fields) {
    return checkedUri(fields.path("uri"), fields.text("uri").orElse(""));
  }

  private DocumentSource readText(JsonFields fields, String uri, Upload upload, int alreadyRead) {
    checkCount(alreadyRead);
    String text =
        fields
            .text("text")
            .orElseThrow(() -> ThrongException.invalidField("text", "missing", "a string"));
    String format = fields.text("format").orElse("text");
    String title = fields.text("title").map(UploadReader::checkedTitle).orElse(null);
    Metadata metadata = fields.metadata("metadata");
    Instant modifiedAt = fields.moment("modified_at");
    fields.finish();
    String ending = TEXT_FORMATS.get(format);
    if (ending == null) {
      throw ThrongException.invalidField("format", format, "text, markdown or html");
    }
    return new DocumentSource(
        uri,
        nameOf(uri) + (uri.toLowerCase(Locale.ROOT).endsWith(ending) ? "" : ending),
        title == null ? nameOf(uri) : title,
        metadata,
        modifiedAt,
        upload.keep(uri, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
  }

  private DocumentSource readBody(Exchange exchange, Upload upload, String uri, String type) {
    String ending = EXTENSIONS.getOrDefault(type, "");
    String name = uri.contains(".") || ending.isEmpty() ? nameOf(uri) : nameOf(uri) + ending;
    if (!exchange.hasBody()) {
      throw new ThrongException(ErrorCode.DOCUMENT_EMPTY, uri + ": no bytes were sent");
    }
    return new DocumentSource(
        uri, name, null, Metadata.NONE, null, upload.keep(uri, exchange.body()));
  }

  private static String checkedTitle(String title) {
    boolean isGood =
        title.length() <= MAX_TITLE_CHARS
            && title.codePoints().noneMatch(UploadReader::isInvalidCharacter);
    if (!isGood) {
      throw ThrongException.invalidField(
          "title",
          "\"" + JsonFields.shortened(title) + "\"",
          "at most %d characters, no control characters".formatted(MAX_TITLE_CHARS));
    }
    return title;
  }

  private static String checkedUri(String field, String uri) {
    boolean isGood =
        !uri.isBlank()
            && uri.length() <= MAX_URI_CHARS
            && uri.codePoints().noneMatch(UploadReader::isInvalidCharacter);
    if (!isGood) {
      throw ThrongException.invalidField(
          field,
          "\"" + JsonFields.shortened(uri) + "\"",
          "1 to %d characters, no control characters".formatted(MAX_URI_CHARS));
    }
    return uri;
  }

  /**
   * Returns whether this is a control character or half of a surrogate pair, which databases do not
   * store.
   */
  private static boolean isInvalidCharacter(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static String nameOf(String uri) {
    String name = uri.substring(uri.lastIndexOf('/') + 1);
    return name.isEmpty() ? uri : name;
  }

  /** The request in the form that the form parser expects. */
  private record Body(Exchange exchange) implements UploadContext {
    @Override
    public @Nullable String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    public String getContentType() {
      return exchange.header("Content-Type").orElse("");
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // the library's method, not this project's
    public int getContentLength() {
      return (int) Math.min(Integer.MAX_VALUE, contentLength());
    }

    @Override
    public long contentLength() {
      return exchange.contentLength().orElse(-1);
    }

    @Override
    public InputStream getInputStream() {
      return exchange.body();
    }
  }
}
