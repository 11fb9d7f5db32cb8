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
 * What an instance pretends to be.
 *
 * @param comment what the figures were measured on
 * @param models the names of the models it has; the first is the one that generates
 * @param digest of every model; empty: derived from its name, so that all instances agree
 * @param slots generations at once, Ollama's OLLAMA_NUM_PARALLEL
 * @param numCtx the context when a request names none, in tokens
 * @param embeddingDimension numbers in an embedding
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

  /** A prompt's or a text's length in tokens is guessed from its characters. */
  static final int CHARS_A_TOKEN = 4;

  private static final String MEASURED = "smollm2-135m.json";

  /**
   * How fast it works.
   *
   * @param prefillTokensPerSecond of a single stream
   * @param prefillGrowth how much longer long prompts take: reading n tokens takes n / rate * (1 +
   *     growth * n / 1000), because attention looks back at all that was read
   * @param decodeTokensPerSecond of a single stream
   * @param slowdown with n streams running, each has its rates divided by 1 + slowdown * (n - 1)
   * @param loadMillis what loading the model takes
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

    /** Long prompts take no longer than their length. */
    public Rates(
        double prefillTokensPerSecond,
        double decodeTokensPerSecond,
        double slowdown,
        long loadMillis) {
      this(prefillTokensPerSecond, 0, decodeTokensPerSecond, slowdown, loadMillis);
    }

    /** What a stream alone takes to read a prompt. */
    double prefillSeconds(int tokens) {
      return tokens / prefillTokensPerSecond * (1 + prefillGrowth * tokens / GROWTH_TOKENS);
    }

    /** Everything is due at once. */
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

  /** As measured on a real Ollama; {@link #comment} says which. */
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

  /** Answers without any delay: for tests that are not about time. */
  public static SimSettings instant() {
    return new SimSettings(
        "no figures: everything is due at once",
        List.of("llama3.2:1b"),
        "",
        4,
        4096,
        64,
        Rates.instant(),
        AnswerLength.DEFAULT);
  }

  /** Those of a file; what it leaves out is as measured. */
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

  /** So that {@link #read} finds them. */
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
