package dev.throng.backend.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.backend.BackendHttp;
import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.config.EmbedderConfig;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Computes embeddings on an Ollama server, for models that are not built in. Documents are sent in
 * batches.
 */
public final class OllamaEmbedder implements Embedder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /**
   * Tokens cannot be counted here, so this estimate is high: a word piece for every 3 characters.
   */
  private static final int CHARS_PER_TOKEN = 3;

  private static final String ID_PREFIX = "ollama/";

  private final EmbedderConfig config;
  private final BackendHttp http;
  private final int dimension;
  private final Semaphore waitingQueries;
  private final Executor queries =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ollama-embed-", 0).factory());
  private final Cache<String, Embedding> queryCache;

  /** Creates an embedder. It calls the server once to learn the model's dimension. */
  public OllamaEmbedder(EmbedderConfig config) {
    this.config = config;
    this.http = new BackendHttp(config.ollamaUrl(), CONNECT_TIMEOUT);
    this.waitingQueries = new Semaphore(config.queueCapacity());
    this.queryCache = Caffeine.newBuilder().maximumSize(config.queryCacheEntries()).build();
    this.dimension = embed(List.of("dimension")).getFirst().dimension();
  }

  @Override
  public String id() {
    return ID_PREFIX + config.ollamaModel();
  }

  /** Returns the model of an Ollama embedder's id; empty for an id of another kind. */
  public static Optional<String> modelOf(String id) {
    return id.startsWith(ID_PREFIX)
        ? Optional.of(id.substring(ID_PREFIX.length()))
        : Optional.empty();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int maxTokens() {
    return config.ollamaMaxTokens();
  }

  @Override
  public CompletableFuture<Embedding> embedQuery(String text, Deadline deadline) {
    Embedding known = queryCache.getIfPresent(text);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return embedPassage(text, deadline)
        .whenComplete((embedding, failure) -> {
          if (failure == null) {
            queryCache.put(text, embedding);
          }
        });
  }

  @Override
  public void forgetQueries() {
    queryCache.invalidateAll();
  }

  @Override
  public CompletableFuture<Embedding> embedPassage(String text, Deadline deadline) {
    if (!waitingQueries.tryAcquire()) {
      throw ThrongException.overloaded(
          "embed: %d questions are waiting (limit %d)"
              .formatted(config.queueCapacity(), config.queueCapacity()),
          Duration.ofSeconds(1));
    }
    return CompletableFuture.supplyAsync(
            () -> {
              deadline.check("the text could be embedded");
              return embed(List.of(text)).getFirst();
            },
            queries)
        .whenComplete((embedding, failure) -> waitingQueries.release());
  }

  @Override
  public List<Embedding> embedDocuments(List<String> texts, Deadline deadline) {
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += config.ollamaBatch()) {
      deadline.check("all documents could be embedded");
      int to = Math.min(texts.size(), from + config.ollamaBatch());
      embeddings.addAll(embed(texts.subList(from, to)));
    }
    return embeddings;
  }

  @Override
  public int waitingQueries() {
    return config.queueCapacity() - waitingQueries.availablePermits();
  }

  @Override
  public TokenSpans tokenSpans(String text) {
    int count = (text.length() + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
    int[] starts = new int[count];
    int[] ends = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = wholeCharacter(text, i * CHARS_PER_TOKEN);
      ends[i] = wholeCharacter(text, Math.min(text.length(), (i + 1) * CHARS_PER_TOKEN));
    }
    return new TokenSpans(starts, ends);
  }

  @Override
  public void close() {
    http.close();
  }

  /** Avoids a split between the two halves of a surrogate pair. */
  private static int wholeCharacter(String text, int position) {
    boolean isInside =
        position > 0
            && position < text.length()
            && Character.isSurrogatePair(text.charAt(position - 1), text.charAt(position));
    return isInside ? position + 1 : position;
  }

  private List<Embedding> embed(List<String> texts) {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", config.ollamaModel());
    request.put("truncate", false);
    ArrayNode input = request.putArray("input");
    for (String text : texts) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("text: blank (expected: words; Ollama can hang on it)");
      }
      input.add(text);
    }
    JsonNode answer = ask(request);
    JsonNode rows = answer.path("embeddings");
    if (rows.size() != texts.size()) {
      throw new ThrongException(
          ErrorCode.BACKEND_ERROR,
          "%s: %d embeddings (expected: %d)".formatted(http.url(), rows.size(), texts.size()));
    }
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    for (JsonNode row : rows) {
      embeddings.add(embedding(row));
    }
    return embeddings;
  }

  /**
   * Calls the server. A failure that a backend would classify as a prompt's fault is not a
   * document's fault here.
   */
  private JsonNode ask(ObjectNode request) {
    try {
      return http.post("api/embed", request, config.ollamaTimeout());
    } catch (ThrongException e) {
      throw switch (e.code()) {
        case MODEL_MISSING, PROMPT_TOO_LONG ->
            new ThrongException(ErrorCode.BACKEND_ERROR, String.valueOf(e.getMessage()), e);
        default -> e;
      };
    }
  }

  private Embedding embedding(JsonNode row) {
    if (dimension != 0 && row.size() != dimension) {
      throw new ThrongException(
          ErrorCode.BACKEND_ERROR,
          "%s: an embedding of %d numbers (expected: %d)"
              .formatted(http.url(), row.size(), dimension));
    }
    float[] values = new float[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) row.get(i).asDouble();
    }
    return Embedding.normalised(values);
  }
}
