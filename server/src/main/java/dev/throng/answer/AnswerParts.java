package dev.throng.answer;

import dev.throng.admission.Admissions;
import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.catalog.Catalog;
import dev.throng.config.RetrievalConfig;
import dev.throng.core.Ids;
import dev.throng.core.Words;
import dev.throng.flight.SharedFlights;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.Retriever;
import java.time.InstantSource;

/**
 * What answers are made with.
 *
 * @param shared the flights of all replicas
 * @param fallback what a request gets when no generation is possible
 * @param words how texts are compared
 */
public record AnswerParts(
    Catalog catalog,
    Retriever retriever,
    Generator generator,
    Admissions admissions,
    AnswerCache cache,
    SharedFlights shared,
    RetrievalConfig retrieval,
    Fallback fallback,
    Words words,
    Ids ids,
    InstantSource clock,
    AnswerMetrics metrics) {}
