package dev.throng.answer;

import dev.throng.admission.Admissions;
import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.catalog.Catalog;
import dev.throng.config.RetrievalConfig;
import dev.throng.config.Rung;
import dev.throng.core.Ids;
import dev.throng.core.Words;
import dev.throng.flight.SharedFlights;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.Retriever;
import java.time.InstantSource;
import java.util.List;

/**
 * What answers are made with.
 *
 * @param shared the flights of all replicas
 * @param ladder what a request gets when no generation is possible
 * @param quoting generates answers from quotations for the ladder, found by words only
 */
public record AnswerParts(
    Catalog catalog,
    Retriever retriever,
    Generator generator,
    Admissions admissions,
    AnswerCache cache,
    SharedFlights shared,
    RetrievalConfig retrieval,
    List<Rung> ladder,
    Generator quoting,
    Words words,
    Ids ids,
    InstantSource clock,
    AnswerMetrics metrics) {}
