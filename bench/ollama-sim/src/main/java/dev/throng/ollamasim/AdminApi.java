package dev.throng.ollamasim;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The simulator's own routes, on a separate port, which faults do not affect. */
final class AdminApi implements HttpPort.Handler {
  private static final String HELLO =
      """
      Controls a simulator of Ollama, where no model runs.
      POST /sim/faults   {"kind": "hang", "after_tokens": 5, "times": 1}
      DELETE /sim/faults
      GET /sim/stats
      GET /sim/settings
      POST /sim/reset
      POST /sim/restart
      """;

  private final OllamaSim sim;

  AdminApi(OllamaSim sim) {
    this.sim = sim;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    try {
      route(exchange);
    } catch (JacksonException e) {
      exchange.refuse(400, e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      exchange.refuse(400, String.valueOf(e.getMessage()));
    }
  }

  private void route(Exchange exchange) throws IOException {
    switch (exchange.method() + " " + exchange.path()) {
      case "GET /" -> exchange.send(200, "text/plain; charset=utf-8", HELLO);
      case "GET /sim/stats" -> sendStats(exchange);
      case "GET /sim/settings" -> exchange.send(Json.MAPPER.<JsonNode>valueToTree(sim.settings()));
      case "POST /sim/faults" -> {
        sim.inject(Json.MAPPER.readValue(exchange.body(), Fault.class));
        sendStats(exchange);
      }
      case "DELETE /sim/faults" -> {
        sim.clearFaults();
        sendStats(exchange);
      }
      case "POST /sim/reset" -> {
        sim.resetStats();
        sendStats(exchange);
      }
      case "POST /sim/restart" -> {
        sim.restart();
        sendStats(exchange);
      }
      default -> exchange.refuse(404, "no such path; GET / lists them");
    }
  }

  private void sendStats(Exchange exchange) throws IOException {
    exchange.send(Json.MAPPER.<JsonNode>valueToTree(sim.stats()));
  }
}
