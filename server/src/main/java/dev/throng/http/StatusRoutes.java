package dev.throng.http;

import dev.throng.backend.Generator;
import dev.throng.backend.GeneratorIdentity;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.observe.MetricsRegistry;
import io.helidon.http.Status;
import java.util.Locale;

/** The server's status: /health/live, /health/ready, /metrics, /version. */
final class StatusRoutes {
  private final Readiness readiness;
  private final Generator generator;
  private final Catalog catalog;
  private final MetricsRegistry metrics;
  private final String version;

  StatusRoutes(
      Readiness readiness,
      Generator generator,
      Catalog catalog,
      MetricsRegistry metrics,
      String version) {
    this.readiness = readiness;
    this.generator = generator;
    this.catalog = catalog;
    this.metrics = metrics;
    this.version = version;
  }

  void live(Exchange exchange) {
    exchange.sendJson(
        AnswerJson.write(json -> {
          json.writeStartObject();
          json.writeStringField("status", "live");
          json.writeEndObject();
        }));
  }

  void ready(Exchange exchange) {
    Readiness.State state = readiness.state();
    if (!readiness.isReady()) {
      exchange.response().status(Status.SERVICE_UNAVAILABLE_503);
    }
    GeneratorIdentity identity = generator.identity();
    exchange.sendJson(
        AnswerJson.write(json -> {
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

  void metrics(Exchange exchange) {
    exchange.sendText("text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
  }

  void version(Exchange exchange) {
    exchange.sendJson(
        AnswerJson.write(json -> {
          json.writeStartObject();
          json.writeStringField("name", "throng");
          json.writeStringField("version", version);
          json.writeStringField("java", Runtime.version().toString());
          json.writeEndObject();
        }));
  }
}
