package dev.throng.retrieval;

import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Invalidations;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.http.FilterReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Measures what it costs to resolve a filter against 100,000 documents of six fields, and to look
 * up a resolved one. Prints medians; run by name, because it does not test behaviour.
 */
final class FilterTimings {
  private static final int DOCUMENTS = 100_000;
  private static final int ROUNDS = 41;
  private static final int LOOKUPS = 2_000;

  private static final List<String> FILTERS =
      List.of(
          "{\"department\": \"d7\"}",
          "{\"uri\": {\"prefix\": \"d7/\"}}",
          "{\"modified_at\": {\"gte\": \"2024-01-01\", \"lt\": \"2025-01-01\"}}",
          "{\"department\": [\"d7\", \"d8\"], \"year\": {\"gte\": 2010}, \"not\": {\"tags\": \"t3\"}}",
          "{\"or\": [{\"department\": \"d1\"}, {\"year\": 2011}, {\"tags\": \"t5\"},"
              + " {\"released\": {\"lt\": \"2001-01-01\"}}]}");

  @Test
  void time() {
    Map<Long, LiveDocument> byVersion = new HashMap<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      LiveDocument document = document(i);
      byVersion.put(document.version(), document);
    }
    Map<Long, LiveDocument> documents = Map.copyOf(byVersion);
    for (String json : FILTERS) {
      DocumentFilter filter = FilterReader.parse(json, "filter");
      FilteredVersions versions = new FilteredVersions();
      List<Double> resolved = new ArrayList<>();
      List<Double> kept = new ArrayList<>();
      int admitted = 0;
      for (int round = 0; round < ROUNDS; round++) {
        CollectionState state = state(round, documents);
        long start = System.nanoTime();
        admitted = Objects.requireNonNull(versions.of(state, filter).only()).size();
        long half = System.nanoTime();
        for (int i = 0; i < LOOKUPS; i++) {
          versions.of(state, filter);
        }
        kept.add((System.nanoTime() - half) / 1e3 / LOOKUPS);
        resolved.add((half - start) / 1e6);
      }
      System.out.printf(
          "%6d admitted, resolved in %6.1f ms (first %6.1f), found in %4.1f us: %s%n",
          admitted, median(resolved), resolved.getFirst(), median(kept), json);
    }
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  private static CollectionState state(long epoch, Map<Long, LiveDocument> documents) {
    return new CollectionState(
        new CollectionRef("default", "default"),
        new CollectionSpec("en", "none", 1),
        epoch,
        1,
        documents,
        Map.of(),
        Map.of(),
        Invalidations.NONE,
        CollectionState.Stage.LIVE);
  }

  private static LiveDocument document(int i) {
    Map<String, Metadata.Value> fields =
        Map.of(
            "department", new Metadata.Text("d" + i % 20),
            "year", new Metadata.Numeric(BigDecimal.valueOf(2000 + i % 25)),
            "public", new Metadata.Flag(i % 3 == 0),
            "tags", new Metadata.Texts(List.of("t" + i % 7, "t" + i % 11)),
            "released", Metadata.textOrDate("20%02d-03-01".formatted(i % 25)),
            "source", new Metadata.Text("wiki"));
    return new LiveDocument(
        "d" + i,
        "d%d/document-%d.md".formatted(i % 20, i),
        "Document " + i,
        Hash.of(new byte[0]),
        i + 1L,
        1,
        new Metadata(fields),
        Instant.ofEpochSecond(1_600_000_000L + i * 2_000L));
  }
}
