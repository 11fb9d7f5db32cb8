package dev.throng.ollamasim;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The properties that an instance simulates.
 *
 * @param comment how the figures were measured
 * @param models the names of its models; the first one generates
 * @param digest of every model; if empty, derived from the name, so that all instances agree
 * @param slots simultaneous generations, Ollama's OLLAMA_NUM_PARALLEL
 * @param numCtx the context in tokens when a request specifies none
 * @param embeddingDimension dimensions of an embedding
 */
public record SimSettings(
    String comment,
    List<String> models,
    String digest,
    int slots,
    int numCtx,
    int embeddingDimension,
    Rates rates,
    AnswerLength answers) {

  /** The length of a prompt or text in tokens is estimated from its characters. */
  static final int CHARS_A_TOKEN = 4;

  private static final String MEASURED = "smollm2-135m.json";

  /**
   * The speed of an instance.
   *
   * @param prefillTokensPerSecond of a single stream
   * @param prefillGrowth how much longer long prompts take: reading n tokens takes n / rate * (1 +
   *     growth * n / 1000), because attention covers all previous tokens
   * @param decodeTokensPerSecond of a single stream
   * @param slowdown with n streams running, all rates are divided by 1 + slowdown * (n - 1)
   * @param loadMillis milliseconds to load the model
   */
  public record Rates(
      double prefillTokensPerSecond,
      double prefillGrowth,
      double decodeTokensPerSecond,
      double slowdown,
      long loadMillis) {
    private static final double GROWTH_TOKENS = 1000;

    public Rates {
      check(prefillGrowth >= 0, "prefill_growth", prefillGrowth, ">= 0");
      check(prefillTokensPerSecond > 0, "prefill_tokens_per_second", prefillTokensPerSecond, "> 0");
      check(decodeTokensPerSecond > 0, "decode_tokens_per_second", decodeTokensPerSecond, "> 0");
      check(slowdown >= 0, "slowdown", slowdown, ">= 0");
      check(loadMillis >= 0, "load_millis", loadMillis, ">= 0");
    }

    /** Without growth: the time to read a prompt is proportional to its length. */
    public Rates(
        double prefillTokensPerSecond,
        double decodeTokensPerSecond,
        double slowdown,
        long loadMillis) {
      this(prefillTokensPerSecond, 0, decodeTokensPerSecond, slowdown, loadMillis);
    }

    /** Returns how long a single stream takes to read a prompt. */
    double prefillSeconds(int tokens) {
      return tokens / prefillTokensPerSecond * (1 + prefillGrowth * tokens / GROWTH_TOKENS);
    }

    /** Everything is due immediately. */
    public static Rates instant() {
      return new Rates(1e9, 1e9, 0, 0);
    }
  }

  /** The lengths of answers in tokens: lognormal, and clamped. */
  public record AnswerLength(int medianTokens, double sigma, int minTokens, int maxTokens) {
    public static final AnswerLength DEFAULT = new AnswerLength(120, 0.5, 16, 600);

    public AnswerLength {
      check(
          medianTokens >= minTokens && medianTokens <= maxTokens,
          "median_tokens",
          medianTokens,
          "from min_tokens to max_tokens");
      check(sigma >= 0, "sigma", sigma, ">= 0");
      check(minTokens >= 1, "min_tokens", minTokens, ">= 1");
      check(maxTokens >= minTokens, "max_tokens", maxTokens, ">= min_tokens");
    }
  }

  public SimSettings {
    models = List.copyOf(models);
    check(!models.isEmpty(), "models", models, "one or more names");
    check(slots >= 1, "slots", slots, ">= 1");
    check(numCtx >= 1, "num_ctx", numCtx, ">= 1");
    check(embeddingDimension >= 1, "embedding_dimension", embeddingDimension, ">= 1");
  }

  /** The settings measured on a real Ollama; {@link #comment} describes it. */
  public static SimSettings measured() {
    try (InputStream in = SimSettings.class.getResourceAsStream(MEASURED)) {
      if (in == null) {
        throw new IllegalStateException(MEASURED + " is missing from the class path");
      }
      return Json.MAPPER.treeToValue(Json.MAPPER.readTree(in), SimSettings.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers without any delay: for tests that do not measure time. */
  public static SimSettings instant() {
    return new SimSettings(
        "no figures: everything is due immediately",
        List.of("llama3.2:1b"),
        "",
        4,
        4096,
        64,
        Rates.instant(),
        AnswerLength.DEFAULT);
  }

  /** Reads settings from a file; missing ones are as measured. */
  public static SimSettings read(Path file) throws IOException {
    ObjectMapper json = Json.MAPPER;
    ObjectNode all = json.valueToTree(measured());
    try {
      merge(all, json.readTree(Files.readAllBytes(file)));
      return json.treeToValue(all, SimSettings.class);
    } catch (JacksonException e) {
      throw new IOException("%s: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /** Writes settings so that {@link #read} can read them. */
  public void write(Path file) throws IOException {
    String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    Files.writeString(file, text + "\n");
  }

  SimSettings withComment(String value) {
    return new SimSettings(
        value, models, digest, slots, numCtx, embeddingDimension, rates, answers);
  }

  public SimSettings withModels(String... names) {
    return new SimSettings(
        comment, List.of(names), digest, slots, numCtx, embeddingDimension, rates, answers);
  }

  public SimSettings withDigest(String value) {
    return new SimSettings(
        comment, models, value, slots, numCtx, embeddingDimension, rates, answers);
  }

  public SimSettings withSlots(int value) {
    return new SimSettings(
        comment, models, digest, value, numCtx, embeddingDimension, rates, answers);
  }

  public SimSettings withNumCtx(int value) {
    return new SimSettings(
        comment, models, digest, slots, value, embeddingDimension, rates, answers);
  }

  public SimSettings withEmbeddingDimension(int value) {
    return new SimSettings(comment, models, digest, slots, numCtx, value, rates, answers);
  }

  public SimSettings withRates(Rates value) {
    return new SimSettings(
        comment, models, digest, slots, numCtx, embeddingDimension, value, answers);
  }

  public SimSettings withAnswers(AnswerLength value) {
    return new SimSettings(
        comment, models, digest, slots, numCtx, embeddingDimension, rates, value);
  }

  static int tokensOf(CharSequence text) {
    return (text.length() + CHARS_A_TOKEN - 1) / CHARS_A_TOKEN;
  }

  private static void merge(ObjectNode into, JsonNode from) {
    Map<String, JsonNode> fields =
        Json.MAPPER.convertValue(from, new TypeReference<Map<String, JsonNode>>() {});
    fields.forEach((name, value) -> {
      if (value.isObject() && into.get(name) instanceof ObjectNode inner) {
        merge(inner, value);
      } else {
        into.set(name, value);
      }
    });
  }

  private static void check(boolean isFine, String name, Object value, String expected) {
    if (!isFine) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
    }
  }
}
