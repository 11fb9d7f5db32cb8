package dev.throng.retrieval;

import dev.throng.store.Hit;
import java.util.List;

/**
 * The candidates for one question, best first.
 *
 * @param lexical by BM25
 * @param dense by cosine
 * @param fused by the weighted sum of both scores
 */
record Ranking(List<Hit> lexical, List<Hit> dense, List<Hit> fused) {}
