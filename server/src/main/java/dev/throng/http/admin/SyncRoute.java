package dev.throng.http.admin;

import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.http.DocumentsRoute;
import dev.throng.http.Exchange;
import dev.throng.http.JobJson;
import dev.throng.http.JsonFields;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import dev.throng.http.TenantResolver;
import dev.throng.jobs.IngestQueue;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * POST /collections/{collection}/sync: reads a folder of the server into a collection, as a job.
 * Only for operators, because it can read any file that the server can read.
 */
public final class SyncRoute {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final IngestQueue queue;
  private final TenantResolver tenants;
  private final InstantSource clock;

  public SyncRoute(IngestQueue queue, TenantResolver tenants, InstantSource clock) {
    this.queue = queue;
    this.tenants = tenants;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.post("/collections/{collection}/sync", Access.OPERATOR, this::handle));
  }

  /** Reads {@code {"path": "/absolute/folder", "remove_missing"?}}. */
  private void handle(Exchange exchange) {
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    String key = DocumentsRoute.idempotencyKey(exchange);
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    Path folder = folder(fields.text("path").orElse(""));
    boolean mirrors = fields.flag("remove_missing");
    fields.finish();
    JobJson.accept(exchange, queue.enqueueSync(ref, folder, mirrors, key), clock.instant());
  }

  private static Path folder(String path) {
    try {
      Path folder = Path.of(path);
      if (folder.isAbsolute() && Files.isDirectory(folder) && Files.isReadable(folder)) {
        return folder;
      }
    } catch (InvalidPathException e) {
      // Reported below.
    }
    throw ThrongException.invalidField(
        "path", "\"" + path + "\"", "an absolute path to a folder that the server can read");
  }
}
