package dev.throng.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.LocalServer;
import dev.throng.app.Wiring;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.http.TenantResolver;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that select a server and a collection. */
final class ServerOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Server to use (default: the one that uses the data folder, otherwise the data folder itself).")
  private @Nullable URI url;

  @Option(
      names = "--collection",
      paramLabel = "NAME",
      description = "Collection (default: the configured one).")
  private @Nullable String collection;

  ConfigOptions config() {
    return config;
  }

  boolean hasCollection() {
    return collection != null;
  }

  /** Returns a request body, with the collection if one was given. */
  ObjectNode newRequest() {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    if (collection != null) {
      request.put("collection", collection);
    }
    return request;
  }

  /** Returns the collection for routes that name it in their path. */
  String collectionName() {
    return collection == null ? config.load().answer().defaultCollection() : collection;
  }

  /** Connects to a server that has documents. */
  ServerConnection connectToAsk() {
    ServerConnection connection = connect();
    if (connection.isEmpty()) {
      connection.close();
      throw new IllegalArgumentException(
          "no documents to answer from (expected: a data folder filled by `throng ingest PATH` or"
              + " `throng serve --docs DIR`, or --url of a server)");
    }
    return connection;
  }

  /**
   * Finds the server. If none uses the data folder, it opens the folder with a server in this
   * process, on a free port of this machine. Commands therefore have only one code path.
   */
  ServerConnection connect() {
    ThrongConfig settings = config.load();
    if (url != null) {
      return ServerConnection.to(url.toString(), settings.admin().token());
    }
    Optional<LocalServer.Address> running = LocalServer.find(settings.data().dir());
    if (running.isPresent()) {
      return ServerConnection.to(running.get().url(), running.get().token());
    }
    // Uses the default collection and not the given one, because a wrong name must not create a
    // collection.
    return ServerConnection.own(
        new Wiring(config.load(Map.of("server.host", "127.0.0.1", "server.port", "0"))),
        new CollectionRef(TenantResolver.DEFAULT_TENANT, settings.answer().defaultCollection()));
  }
}
