package dev.throng.http.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.folder.FileFailure;
import dev.throng.folder.FolderSync;
import dev.throng.folder.SyncProgress;
import dev.throng.folder.SyncReport;
import dev.throng.http.Exchange;
import dev.throng.http.Json;
import dev.throng.http.JsonFields;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import dev.throng.http.TenantResolver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * POST /admin/ingest: reads files and folders of the server's machine into a collection. The
 * response has a line of JSON for every file examined, and the report as its last line.
 */
public final class IngestRoute {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final FolderSync sync;
  private final TenantResolver tenants;
  private final String defaultCollection;

  public IngestRoute(FolderSync sync, TenantResolver tenants, String defaultCollection) {
    this.sync = sync;
    this.tenants = tenants;
    this.defaultCollection = defaultCollection;
  }

  public List<Route> routes() {
    return List.of(Route.post("/admin/ingest", Access.OPERATOR, this::handle));
  }

  /** Reads {@code {"paths": [...], "collection"?, "remove_missing"?}}. */
  private void handle(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    List<Path> paths = fields.texts("paths").orElse(List.of()).stream().map(Path::of).toList();
    String name = fields.text("collection").orElse(defaultCollection);
    boolean removeMissing = fields.flag("remove_missing");
    fields.finish();
    check(paths, name);
    CollectionRef ref = new CollectionRef(tenants.resolve(exchange), name);
    try (OutputStream out = exchange.stream("application/x-ndjson")) {
      SyncReport report =
          sync.sync(ref, paths, removeMissing, progress -> write(out, line(progress)));
      write(out, line(report));
    } catch (IOException e) {
      throw new UncheckedIOException("the client has disconnected", e);
    }
  }

  private static void check(List<Path> paths, String name) {
    if (paths.isEmpty()) {
      throw ThrongException.invalidField("paths", "none", "at least one file or folder");
    }
    for (Path path : paths) {
      if (!path.isAbsolute() || !Files.isReadable(path)) {
        throw ThrongException.invalidField(
            "paths", path, "an absolute path that the server can read");
      }
    }
    if (!CollectionRef.isName(name)) {
      throw ThrongException.invalidField("collection", name, CollectionRef.NAME_RULE);
    }
  }

  private static ObjectNode line(SyncProgress progress) {
    ObjectNode line = Json.object();
    line.put("done", progress.done());
    line.put("total", progress.total());
    line.put("uri", progress.uri());
    return line;
  }

  /** Returns a report as JSON, also for the command that prints it. */
  public static ObjectNode line(SyncReport report) {
    ObjectNode line = Json.object();
    line.put("added", report.added());
    line.put("changed", report.changed());
    line.put("unchanged", report.unchanged());
    line.put("removed", report.removed());
    line.put("chunks", report.chunks());
    var failures = line.putArray("failures");
    for (FileFailure failure : report.failures()) {
      ObjectNode row = failures.addObject();
      row.put("uri", failure.uri());
      row.put("code", failure.code().code());
      row.put("detail", failure.detail());
    }
    return line;
  }

  private static void write(OutputStream out, ObjectNode line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the client has disconnected", e);
    }
  }
}
