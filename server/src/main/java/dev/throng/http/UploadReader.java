package dev.throng.http;

import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.MetadataJson;
import dev.throng.core.ErrorCode;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.ingest.IngestQueue;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.InvalidFileNameException;
import org.apache.commons.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a request: the files of a form, a JSON object with text, or, where one
 * document is meant, the bytes themselves. Bytes go straight to where they are kept.
 */
final class UploadReader {
  private static final int MAX_FILES = 1_000;
  private static final int MAX_JSON_BYTES = 64 << 20;
  private static final int MAX_FIELD_BYTES = 1 << 17;
  private static final int MAX_URI_CHARS = 1_024;

  /** Endings for documents that come as text. */
  private static final Map<String, String> TEXT_FORMATS =
      Map.of("text", ".txt", "markdown", ".md", "html", ".html");

  /** Endings for bodies whose media type is all that says what they are. */
  private static final Map<String, String> ENDINGS =
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

  UploadReader(IngestQueue queue) {
    this.queue = queue;
  }

  /**
   * Reads every document of a request; their bytes are kept on return.
   *
   * @throws ThrongException INVALID_FIELD, MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE,
   *     DOCUMENT_TOO_LARGE, STORAGE_FULL and others: nothing is kept then
   */
  List<DocumentSource> read(Exchange exchange) {
    List<DocumentSource> sources = new ArrayList<>();
    try {
      String type = mediaType(exchange.request());
      switch (type) {
        case "multipart/form-data" -> readForm(exchange, sources);
        case "application/json" -> readJson(exchange, sources);
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
   * @param uri of the document; what is sent does not change it
   */
  DocumentSource readOne(Exchange exchange, String uri) {
    String type = mediaType(exchange.request());
    List<DocumentSource> sources = new ArrayList<>();
    try {
      switch (type) {
        case "multipart/form-data" -> readForm(exchange, sources);
        case "application/json" -> sources.add(readText(jsonOf(exchange), uri));
        default -> sources.add(readBody(exchange, uri, type));
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

  private void readForm(Exchange exchange, List<DocumentSource> sources) {
    FileUpload upload = new FileUpload();
    upload.setFileCountMax(MAX_FILES);
    upload.setHeaderEncoding(StandardCharsets.UTF_8.name());
    try (InputStream body = exchange.body()) {
      FileItemIterator parts = upload.getItemIterator(new Body(exchange.request(), body));
      Known known = Known.NOTHING;
      while (parts.hasNext()) {
        FileItemStream part = parts.next();
        if (part.isFormField()) {
          known = known.with(part.getFieldName(), fieldText(part));
        } else {
          sources.add(readFile(part, known));
        }
      }
    } catch (InvalidFileNameException e) {
      throw ThrongException.invalidField("filename", e.getName(), "a name without NUL");
    } catch (FileUploadException e) {
      throw new ThrongException(
          ErrorCode.MALFORMED_HTTP, "the form cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("the form did not arrive whole", e);
    }
  }

  private static String fieldText(FileItemStream part) throws IOException {
    try (InputStream in = part.openStream()) {
      byte[] text = in.readNBytes(MAX_FIELD_BYTES + 1);
      if (text.length > MAX_FIELD_BYTES) {
        throw ThrongException.invalidField(
            part.getFieldName(), "more", "at most %d bytes".formatted(MAX_FIELD_BYTES));
      }
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  /** What fields of a form say of the files behind them. */
  private record Known(@Nullable String title, Metadata metadata, @Nullable Instant modifiedAt) {
    static final Known NOTHING = new Known(null, Metadata.NONE, null);

    Known with(String field, String text) {
      return switch (field) {
        case "title" -> new Known(text, metadata, modifiedAt);
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

  private DocumentSource readFile(FileItemStream part, Known known) throws IOException {
    String uri = checkedUri("filename", Optional.ofNullable(part.getName()).orElse(""));
    try (InputStream content = part.openStream()) {
      return new DocumentSource(
          uri,
          nameOf(uri),
          known.title(),
          known.metadata(),
          known.modifiedAt(),
          queue.keep(uri, content));
    }
  }

  private void readJson(Exchange exchange, List<DocumentSource> sources) {
    JsonFields fields = jsonOf(exchange);
    Optional<List<JsonFields>> documents = fields.objects("documents");
    if (documents.isEmpty()) {
      sources.add(readText(fields, checkedUri("uri", fields.text("uri").orElse(""))));
      return;
    }
    fields.finish();
    for (JsonFields document : documents.get()) {
      sources.add(readText(document, checkedUri("uri", document.text("uri").orElse(""))));
    }
  }

  private DocumentSource readText(JsonFields fields, String uri) {
    String text =
        fields
            .text("text")
            .orElseThrow(() -> ThrongException.invalidField("text", "missing", "a string"));
    String format = fields.text("format").orElse("text");
    String title = fields.text("title").orElse(null);
    Metadata metadata = fields.metadata("metadata");
    Instant modifiedAt = fields.moment("modified_at");
    fields.finish();
    String ending = TEXT_FORMATS.get(format);
    if (ending == null) {
      throw ThrongException.invalidField("format", format, "text, markdown or html");
    }
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return new DocumentSource(
        uri,
        nameOf(uri) + (uri.toLowerCase(Locale.ROOT).endsWith(ending) ? "" : ending),
        title == null ? nameOf(uri) : title,
        metadata,
        modifiedAt,
        queue.keep(uri, new ByteArrayInputStream(content)));
  }

  private DocumentSource readBody(Exchange exchange, String uri, String type) {
    String ending = ENDINGS.getOrDefault(type, "");
    String name = uri.contains(".") || ending.isEmpty() ? nameOf(uri) : nameOf(uri) + ending;
    if (!exchange.request().content().hasEntity()) {
      throw new ThrongException(ErrorCode.DOCUMENT_EMPTY, uri + ": no bytes were sent");
    }
    try (InputStream body = exchange.body()) {
      return new DocumentSource(uri, name, null, Metadata.NONE, null, queue.keep(uri, body));
    } catch (IOException e) {
      throw new UncheckedIOException("the document did not arrive whole", e);
    }
  }

  private JsonFields jsonOf(Exchange exchange) {
    return JsonFields.parse(exchange.readJson(MAX_JSON_BYTES));
  }

  private static String checkedUri(String field, String uri) {
    boolean isGood =
        !uri.isBlank()
            && uri.length() <= MAX_URI_CHARS
            && uri.codePoints().noneMatch(UploadReader::isNoCharacter);
    if (!isGood) {
      throw ThrongException.invalidField(
          field, "\"" + uri + "\"", "1 to %d characters, no controls".formatted(MAX_URI_CHARS));
    }
    return uri;
  }

  /** A control, or half a character, which no database keeps. */
  private static boolean isNoCharacter(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static String nameOf(String uri) {
    String name = uri.substring(uri.lastIndexOf('/') + 1);
    return name.isEmpty() ? uri : name;
  }

  private static String mediaType(ServerRequest request) {
    return request
        .headers()
        .contentType()
        .map(type -> type.mediaType().text().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  /** The request as the form's reader wants to see it. */
  private record Body(ServerRequest request, InputStream body) implements UploadContext {
    @Override
    public @Nullable String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    public String getContentType() {
      return request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // the library's method, not ours
    public int getContentLength() {
      return (int) Math.min(Integer.MAX_VALUE, contentLength());
    }

    @Override
    public long contentLength() {
      return request.headers().contentLength().orElse(-1);
    }

    @Override
    public InputStream getInputStream() {
      return body;
    }
  }
}
