package dev.throng.config;

import java.util.List;

/** How passages are found. Every setting is explained in defaults.yaml. */
public record RetrievalConfig(
    RetrievalMode mode,
    int topK,
    int candidates,
    double denseWeight,
    int passageTokens,
    double duplicateOverlap,
    double minRelevance,
    List<String> supersededNames) {

  static RetrievalConfig read(Section section) {
    return new RetrievalConfig(
        section.choice("mode", RetrievalMode.class),
        section.integer("top_k", 1, 1_000),
        section.integer("candidates", 10, 1_000),
        section.number("dense_weight", 0, 1),
        section.integer("passage_tokens", 64, 1 << 20),
        section.number("duplicate_overlap", 0.1, 1),
        section.number("min_relevance", -1, 2),
        section.patterns("superseded_names"));
  }
}
