package dev.throng.http;

import dev.throng.catalog.BlobStore.LocalFile;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Originals;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.http.Route.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * GET /collections/{collection}/documents/{id}/content: sends the original of a document.
 *
 * <p>Browsers show a PDF, and offer every other format as a file to save. A page or an image that a
 * client has sent must not run as a part of this site.
 */
public final class DocumentContentRoute {
  private static final int MAX_DOWNLOADS = 32;
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int NOT_MODIFIED = 304;

  private final Catalog catalog;
  private final Originals originals;
  private final TenantResolver tenants;
  private final Semaphore downloads = new Semaphore(MAX_DOWNLOADS);

  public DocumentContentRoute(Catalog catalog, Originals originals, TenantResolver tenants) {
    this.catalog = catalog;
    this.originals = originals;
    this.tenants = tenants;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(
            "/collections/{collection}/documents/{id}/content", Access.CLIENT, this::content));
  }

  private void content(Exchange exchange) {
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    LiveDocument document =
        catalog.published(ref).document(DocumentsRoute.parameter(exchange, "id"));
    String tag = "\"%d\"".formatted(document.version());
    if (exchange.header("If-None-Match").filter(tag::equals).isPresent()) {
      exchange.setHeader("ETag", tag);
      exchange.sendEmpty(NOT_MODIFIED);
      return;
    }
    if (!downloads.tryAcquire()) {
      throw ThrongException.overloaded(
          "%d documents are being sent, which is the limit".formatted(MAX_DOWNLOADS), RETRY);
    }
    try (LocalFile file = originals.open(ref, document)) {
      exchange.setHeader("ETag", tag);
      exchange.setHeader("Cache-Control", "private, no-cache");
      send(exchange, document, file);
    } finally {
      downloads.release();
    }
  }

  private static void send(Exchange exchange, LiveDocument document, LocalFile file) {
    boolean isPdf = document.uri().toLowerCase(Locale.ROOT).endsWith(".pdf");
    exchange.setHeader("X-Content-Type-Options", "nosniff");
    exchange.setHeader(
        "Content-Disposition",
        "%s; filename*=UTF-8''%s"
            .formatted(isPdf ? "inline" : "attachment", encoded(fileName(document.uri()))));
    try (InputStream in = Files.newInputStream(file.path())) {
      exchange.sendFile(
          isPdf ? "application/pdf" : "application/octet-stream", in, Files.size(file.path()));
    } catch (IOException e) {
      if (exchange.hasBegunResponse()) {
        throw new UncheckedIOException("the client has disconnected", e);
      }
      throw new ThrongException(ErrorCode.STORAGE_FAILED, file.path() + ": " + e, e);
    }
  }

  private static String fileName(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
