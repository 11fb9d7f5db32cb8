package dev.throng.http;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.core.GeneratorIdentity;
import dev.throng.http.Route.Access;
import dev.throng.observe.MetricsRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The server's status: /health/live, /health/ready, /metrics, /version. */
public final class StatusRoutes {
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final int LOWEST_STATUS = 200;
  private static final int HIGHEST_STATUS = 599;

  private final Readiness readiness;
  private final Supplier<GeneratorIdentity> generator;
  private final Catalog catalog;
  private final MetricsRegistry metrics;
  private final String version;

  public StatusRoutes(
      Readiness readiness,
      Supplier<GeneratorIdentity> generator,
      Catalog catalog,
      MetricsRegistry metrics,
      String version) {
    this.readiness = readiness;
    this.generator = generator;
    this.catalog = catalog;
    this.metrics = metrics;
    this.version = version;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/health/live", Access.HEALTH, this::live),
        Route.get("/health/ready", Access.HEALTH, this::ready),
        Route.get("/metrics", Access.METRICS, this::metrics),
        Route.get("/version", Access.CLIENT, this::version));
  }

  private void live(Exchange exchange) {
    exchange.sendJson(
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringField("status", "live");
          json.writeEndObject();
        }));
  }

  /** Load balancers may want a status of their own for servers that finish their requests. */
  private void ready(Exchange exchange) {
    Readiness.State state = readiness.state();
    int whileStopping =
        new QueryParameters(exchange)
            .integer("stopping", SERVICE_UNAVAILABLE, LOWEST_STATUS, HIGHEST_STATUS);
    if (!readiness.isReady()) {
      exchange.setStatus(state == Readiness.State.STOPPING ? whileStopping : SERVICE_UNAVAILABLE);
    }
    GeneratorIdentity identity = generator.get();
    exchange.sendJson(
        Json.write(json -> {
          json.writeStartObject();
          String disagreement = readiness.disagreement();
          if (disagreement.isEmpty()) {
            json.writeStringField("status", state.name().toLowerCase(Locale.ROOT));
          } else {
            json.writeStringField("status", "disagreeing");
            json.writeStringField("reason", disagreement);
          }
          json.writeStringField("generator", identity.generator());
          json.writeStringField("model", identity.model());
          json.writeArrayFieldStart("degraded_components");
          for (String component : readiness.degradedComponents()) {
            json.writeString(component);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("collections");
          for (CollectionState collection : catalog.states()) {
            if (collection.isPublished()
                && collection.ref().tenant().equals(TenantResolver.DEFAULT_TENANT)) {
              json.writeStartObject();
              json.writeStringField("name", collection.ref().name());
              json.writeNumberField("documents", collection.byVersion().size());
              json.writeNumberField("epoch", collection.epoch());
              json.writeEndObject();
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        }));
  }

  private void metrics(Exchange exchange) {
    exchange.sendText("text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
  }

  private void version(Exchange exchange) {
    exchange.sendJson(
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringField("name", "throng");
          json.writeStringField("version", version);
          json.writeStringField("java", Runtime.version().toString());
          json.writeEndObject();
        }));
  }
}
