package dev.throng.http;

import dev.throng.config.AnswerConfig;
import dev.throng.config.RetrievalConfig;
import dev.throng.config.ServerConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Priority;
import dev.throng.core.StopStrings;
import dev.throng.core.ThrongException;
import dev.throng.retrieval.DocumentFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to /query or /search.
 *
 * @param queries one question, or several for /search
 * @param isBatch whether the questions came as a list
 * @param maxTokens requested maximum length of the answer; null for that of the model
 * @param stop texts before which the answer ends
 * @param priority the priority when the request has to wait
 */
record QueryRequest(
    CollectionRef collection,
    List<String> queries,
    boolean isBatch,
    int topK,
    DocumentFilter filter,
    boolean stream,
    @Nullable Integer maxTokens,
    StopStrings stop,
    Priority priority) {
  private static final int MAX_STOPS = 4;
  private static final int MAX_STOP_CHARS = 64;

  /** The limits and defaults for reading requests. */
  record Rules(ServerConfig server, RetrievalConfig retrieval, AnswerConfig answer) {}

  static QueryRequest forQuery(byte[] body, String tenant, Rules rules, int longestAnswerTokens) {
    JsonFields fields = JsonFields.parse(body);
    List<String> queries =
        List.of(question(fields.path("query"), fields.text("query").orElse(""), rules));
    CollectionRef collection = collection(fields, tenant, rules);
    int topK = topK(fields, rules);
    DocumentFilter filter = FilterReader.of(fields, "filter");
    boolean stream = fields.flag("stream");
    Integer maxTokens = null;
    StopStrings stop = StopStrings.NONE;
    Priority priority = Priority.INTERACTIVE;
    Optional<JsonFields> options = fields.object("options");
    if (options.isPresent()) {
      maxTokens = options.get().integer("max_tokens", 1, longestAnswerTokens).orElse(null);
      stop = stop(options.get());
      priority = priority(options.get());
      options.get().finish();
    }
    fields.finish();
    return new QueryRequest(
        collection, queries, false, topK, filter, stream, maxTokens, stop, priority);
  }

  static QueryRequest forSearch(byte[] body, String tenant, Rules rules) {
    JsonFields fields = JsonFields.parse(body);
    Optional<List<String>> batch = fields.texts("queries");
    List<String> queries = new ArrayList<>();
    if (batch.isPresent()) {
      if (fields.has("query")) {
        throw ThrongException.invalidField(
            "queries", "given together with query", "only one of the two");
      }
      int count = batch.get().size();
      if (count == 0 || count > rules.server().requests().maxBatch()) {
        throw ThrongException.invalidField(
            "queries", count + " questions", "1 to " + rules.server().requests().maxBatch());
      }
      for (int i = 0; i < count; i++) {
        queries.add(question("queries[" + i + "]", batch.get().get(i), rules));
      }
    } else {
      queries.add(question("query", fields.text("query").orElse(""), rules));
    }
    CollectionRef collection = collection(fields, tenant, rules);
    int topK = topK(fields, rules);
    DocumentFilter filter = FilterReader.of(fields, "filter");
    fields.finish();
    return new QueryRequest(
        collection,
        List.copyOf(queries),
        batch.isPresent(),
        topK,
        filter,
        false,
        null,
        StopStrings.NONE,
        Priority.INTERACTIVE);
  }

  private static StopStrings stop(JsonFields options) {
    List<String> texts = options.textOrTexts("stop").orElse(List.of());
    if (texts.size() > MAX_STOPS) {
      throw ThrongException.invalidField(
          options.path("stop"), texts.size() + " strings", "at most " + MAX_STOPS);
    }
    for (int i = 0; i < texts.size(); i++) {
      String path = options.path("stop") + (texts.size() == 1 ? "" : "[" + i + "]");
      int chars = texts.get(i).length();
      if (chars == 0 || chars > MAX_STOP_CHARS) {
        throw ThrongException.invalidField(path, chars + " characters", "1 to " + MAX_STOP_CHARS);
      }
      if (texts.get(i).codePoints().anyMatch(QueryRequest::isSurrogate)) {
        throw ThrongException.invalidField(path, "an unpaired surrogate", "complete characters");
      }
    }
    return new StopStrings(texts);
  }

  /**
   * Returns whether this is half of a surrogate pair. A text that is cut before such a stop string
   * could end in the other half.
   */
  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static Priority priority(JsonFields options) {
    Optional<String> name = options.text("priority");
    if (name.isEmpty()) {
      return Priority.INTERACTIVE;
    }
    for (Priority priority : Priority.values()) {
      if (word(priority).equals(name.get())) {
        return priority;
      }
    }
    throw ThrongException.invalidField(
        options.path("priority"), "\"" + name.get() + "\"", "interactive or batch");
  }

  private static String question(String path, String text, Rules rules) {
    if (text.isBlank()) {
      throw new ThrongException(ErrorCode.QUERY_BLANK, path + ": blank (expected: a question)");
    }
    if (text.length() > rules.server().requests().maxQueryChars()) {
      throw new ThrongException(
          ErrorCode.QUERY_TOO_LONG,
          "%s: %d characters (expected: at most %d)"
              .formatted(path, text.length(), rules.server().requests().maxQueryChars()));
    }
    return text;
  }

  private static CollectionRef collection(JsonFields fields, String tenant, Rules rules) {
    String name = fields.text("collection").orElse(rules.answer().defaultCollection());
    if (!CollectionRef.isName(name)) {
      throw ThrongException.invalidField(
          "collection",
          "\"" + name.substring(0, Math.min(70, name.length())) + "\"",
          CollectionRef.NAME_RULE);
    }
    return new CollectionRef(tenant, name);
  }

  private static int topK(JsonFields fields, Rules rules) {
    return fields
        .integer("top_k", 1, rules.server().requests().maxTopK())
        .orElse(rules.retrieval().topK());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
