package dev.throng.ollamasim;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** The routes that Ollama has. */
final class Api implements HttpPort.Handler {
  static final String VERSION = "0.17.4-simulator";
  private static final String HELLO =
      "This is a simulator of Ollama. No model runs here: texts and embeddings are made up.\n";

  private final OllamaSim sim;
  private final SimSettings settings;

  Api(OllamaSim sim) {
    this.sim = sim;
    this.settings = sim.settings();
  }

  @Override
  public void handle(Exchange exchange) throws IOException, InterruptedException {
    CompletableFuture<Boolean> end = sim.faults().swallow();
    if (end != null) {
      Exchange.await(end);
      exchange.hangUp();
      return;
    }
    try {
      route(exchange);
    } catch (JacksonException e) {
      exchange.refuse(400, "invalid JSON: " + e.getOriginalMessage());
    }
  }

  private void route(Exchange exchange) throws IOException, InterruptedException {
    String method = exchange.method().equals("HEAD") ? "GET" : exchange.method();
    if (method.equals("POST") && exchange.body().isBlank()) {
      exchange.refuse(400, "missing request body");
      return;
    }
    switch (method + " " + exchange.path()) {
      case "GET /" -> exchange.send(200, "text/plain; charset=utf-8", HELLO);
      case "GET /api/version" -> exchange.send(object().put("version", VERSION));
      case "GET /api/tags" -> exchange.send(models(settings.models()));
      case "GET /api/ps" -> exchange.send(loaded());
      case "POST /api/show" -> show(exchange);
      case "POST /api/embed" -> embed(exchange);
      case "POST /api/generate" -> generate(exchange, false);
      case "POST /api/chat" -> generate(exchange, true);
      default -> exchange.send(404, "text/plain", "404 page not found");
    }
  }

  private void generate(Exchange exchange, boolean isChat)
      throws IOException, InterruptedException {
    JsonNode json = Json.MAPPER.readTree(exchange.body());
    GenerationRequest request = GenerationRequest.of(json, isChat, settings.numCtx());
    if (refusesModel(exchange, request.model())) {
      return;
    }
    if (request.isRenderedOnly()) {
      ObjectNode rendered = object().put("model", request.model());
      rendered.put("created_at", Instant.now().toString());
      rendered.putObject("_debug_info").put("rendered_template", request.rawPrompt());
      exchange.send(rendered);
      return;
    }
    if (request.isLoading()) {
      load(exchange, request);
      return;
    }
    int promptTokens = SimSettings.tokensOf(request.rawPrompt());
    if (promptTokens > request.numCtx() && !request.mayTruncate()) {
      exchange.refuse(400, "the input length exceeds the context length");
      return;
    }
    new Generation(sim, exchange, request, Math.min(promptTokens, request.numCtx())).run();
  }

  private void load(Exchange exchange, GenerationRequest request)
      throws IOException, InterruptedException {
    if (request.isUnloading()) {
      sim.machine().unload();
    } else {
      sim.machine().awaitLoaded(request.numCtx());
    }
    String reason = request.isUnloading() ? "unload" : "load";
    new Reply(exchange, request).done(reason, new Reply.Effort(0, 0, 0, 0, 0, 0));
  }

  private void embed(Exchange exchange) throws IOException, InterruptedException {
    JsonNode json = Json.MAPPER.readTree(exchange.body());
    String model = json.path("model").asText("");
    if (refusesModel(exchange, model)) {
      return;
    }
    sim.counters().embeds.incrementAndGet();
    List<String> texts = new ArrayList<>();
    JsonNode input = json.path("input");
    if (input.isTextual()) {
      texts.add(input.asText());
    }
    input.forEach(text -> texts.add(text.asText()));
    int tokens = texts.stream().mapToInt(SimSettings::tokensOf).sum();
    double seconds =
        texts.stream()
            .mapToDouble(text -> settings.rates().prefillSeconds(SimSettings.tokensOf(text)))
            .sum();
    Thread.sleep(Duration.ofNanos((long) (seconds * 1e9)));
    ObjectNode reply = object().put("model", model);
    ArrayNode rows = reply.putArray("embeddings");
    texts.forEach(text -> unitVector(text, rows.addArray()));
    exchange.send(
        reply.put("total_duration", (long) (seconds * 1e9)).put("prompt_eval_count", tokens));
  }

  private void unitVector(String text, ArrayNode row) {
    SplittableRandom random = new SplittableRandom(SimulatedText.hash(text, text.length()));
    double[] values = random.doubles(settings.embeddingDimension(), -1, 1).toArray();
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    for (double value : values) {
      row.add((float) (value / Math.sqrt(squares)));
    }
  }

  private void show(Exchange exchange) throws IOException {
    JsonNode json = Json.MAPPER.readTree(exchange.body());
    if (refusesModel(exchange, json.path("model").asText(json.path("name").asText("")))) {
      return;
    }
    ObjectNode reply = object();
    details(reply);
    reply
        .putObject("model_info")
        .put("general.architecture", "simulated")
        .put("simulated.context_length", settings.numCtx())
        .put("simulated.embedding_length", settings.embeddingDimension());
    reply.putArray("capabilities").add("completion").add("embedding");
    exchange.send(reply);
  }

  /** As Ollama does, a name without a tag means the tag "latest". */
  private boolean refusesModel(Exchange exchange, String name) throws IOException {
    if (settings.models().contains(name) || settings.models().contains(name + ":latest")) {
      return false;
    }
    exchange.refuse(404, "model '%s' not found".formatted(name));
    return true;
  }

  private ObjectNode loaded() {
    int numCtx = sim.machine().loadedNumCtx();
    ObjectNode reply = models(numCtx == 0 ? List.of() : settings.models().subList(0, 1));
    for (JsonNode model : reply.path("models")) {
      ((ObjectNode) model).put("context_length", numCtx);
    }
    return reply;
  }

  private ObjectNode models(List<String> names) {
    ObjectNode reply = object();
    ArrayNode models = reply.putArray("models");
    for (String name : names) {
      ObjectNode model = models.addObject().put("name", name).put("model", name);
      model
          .put("size", 0)
          .put("digest", settings.digest().isEmpty() ? digest(name) : settings.digest());
      details(model);
    }
    return reply;
  }

  private static void details(ObjectNode model) {
    model.putObject("details").put("format", "none").put("family", "simulated");
  }

  private static String digest(String name) {
    try {
      byte[] bytes = ("simulated " + name).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }
}
