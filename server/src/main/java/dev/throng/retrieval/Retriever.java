package dev.throng.retrieval;

import dev.throng.backend.Embedder;
import dev.throng.backend.Embedders;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.config.RetrievalConfig;
import dev.throng.config.RetrievalMode;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Passage;
import dev.throng.core.ThrongException;
import dev.throng.core.UnicodeForms;
import dev.throng.retrieval.Retrieved.Relevance;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import dev.throng.store.VersionFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Searches words and vectors in parallel and fuses the results.
 *
 * <p>The catalogue's state is taken first and the index view after it, and the view must contain
 * every chunk that is live in the state. Other chunks in the view (of a publish that is under way,
 * or of replaced versions) are dropped. If the epoch moves in the meantime, the result can be used
 * for an answer but is marked as unable to validate a cached one. If chunks that were live at the
 * start have been deleted by then, the result is neither the old nor the new state, so the
 * retrieval reads again.
 */
public final class Retriever implements AutoCloseable {
  /**
   * The number of best chunks whose words are compared with the question's, to decide whether it
   * can be answered.
   */
  private static final int COMPARED_CHUNKS = 3;

  /** Maximum number of searches for a question when chunks are deleted during each of them. */
  private static final int MAX_ATTEMPTS = 3;

  private final Catalog catalog;
  private final ChunkStore store;
  private final LiveViews views;
  private final Embedders embedders;
  private final RetrievalConfig config;
  private final Fuser fuser;
  private final PassageSelection selection;
  private final Superseded superseded;
  private final FilteredVersions filtered = new FilteredVersions();
  private final boolean searchesWords;
  private final SearchThreads threads;

  /**
   * Creates a retriever.
   *
   * @param threads number of platform threads for long searches
   */
  public Retriever(
      Catalog catalog, ChunkStore store, Embedders embedders, RetrievalConfig config, int threads) {
    this.threads = new SearchThreads(threads);
    this.catalog = catalog;
    this.store = store;
    this.views = new LiveViews(store);
    this.embedders = embedders;
    this.config = config;
    this.fuser = new Fuser(config.denseWeight());
    this.selection = new PassageSelection(config);
    this.superseded = new Superseded(config.supersededNames());
    this.searchesWords = config.mode() != RetrievalMode.DENSE && store.capabilities().lexical();
  }

  /** Returns whether searches have taken less than a millisecond of late. */
  public boolean areSearchesShort() {
    return threads.areSearchesShort();
  }

  /**
   * Returns an id of the settings that determine the passages of a question, for question keys. The
   * embedder is the one of the collection at the epoch.
   */
  public String id() {
    return String.join(
        " ",
        "mode=" + config.mode().name(),
        "candidates=" + config.candidates(),
        "dense_weight=" + config.denseWeight(),
        "passage_tokens=" + config.passageTokens(),
        "duplicate_overlap=" + config.duplicateOverlap(),
        "superseded_names=" + config.supersededNames(),
        "min_relevance=" + config.minRelevance());
  }

  /**
   * Returns the passages for a prompt: without duplicates, with neighbours joined, and within the
   * token budget.
   */
  public Retrieved retrieve(
      CollectionRef ref, String question, int topK, DocumentFilter filter, Deadline deadline) {
    return find(ref, question, topK, filter, deadline, true);
  }

  /** Returns the best chunks individually, for /search. */
  public Retrieved search(
      CollectionRef ref, String question, int topK, DocumentFilter filter, Deadline deadline) {
    return find(ref, question, topK, filter, deadline, false);
  }

  /**
   * Like {@link #retrieve}, but finds passages by words only where the store supports it. There it
   * costs no embedding, and no cosine is known.
   */
  public Retrieved retrieveCheaply(
      CollectionRef ref, String question, int topK, DocumentFilter filter, Deadline deadline) {
    if (!searchesWords) {
      return retrieve(ref, question, topK, filter, deadline);
    }
    return read(
        ref,
        deadline,
        (state, view) -> {
          Clock clock = new Clock();
          VersionFilter versions = filtered.of(state, filter);
          List<Hit> hits = live(state, view.searchLexical(question, candidatesFor(topK), versions));
          clock.lexicalNanos = clock.lap();
          FoundPassages found = new FoundPassages(view, state, superseded, question);
          List<Passage> passages = selection.forPrompt(found.best(hits, candidatesFor(topK)), topK);
          double evidence = view.wordEvidence(question, first(hits, COMPARED_CHUNKS), versions);
          long fetchNanos = clock.lap();
          return new Found(passages, new Relevance(-1, evidence), clock.timings(fetchNanos));
        });
  }

  /** How to search. Evaluation measures each mode separately. */
  public enum Mode {
    BM25,
    DENSE,
    HYBRID
  }

  /** Clears cached questions and filters, which may quote documents. */
  public void forgetQuestions() {
    filtered.forget();
    store.forgetQuestions();
    embedders.forgetQueries();
  }

  /** Returns the modes that the store supports. */
  public List<Mode> modes() {
    return searchesWords ? List.of(Mode.values()) : List.of(Mode.DENSE);
  }

  /**
   * Returns the uris of the best documents, each ranked by its best chunk.
   *
   * @param documents how many; chunks are over-fetched until there are enough documents, or no more
   *     chunks
   */
  public List<String> rankDocuments(
      CollectionRef ref, String question, int documents, Mode mode, Deadline deadline) {
    CollectionState state = catalog.state(ref);
    try (ChunkView view = views.open(state, deadline)) {
      for (int candidates = Math.max(config.candidates(), documents); ; candidates *= 2) {
        List<Hit> hits = hits(view, state, question, candidates, mode, deadline);
        Set<String> uris = new LinkedHashSet<>();
        for (Hit hit : hits) {
          LiveDocument document = state.documentOf(hit.version());
          if (document != null && uris.size() < documents) {
            uris.add(document.uri());
          }
        }
        if (uris.size() >= documents || hits.size() < candidates || candidates >= view.size()) {
          return List.copyOf(uris);
        }
      }
    }
  }

  private List<Hit> hits(
      ChunkView view,
      CollectionState state,
      String question,
      int candidates,
      Mode mode,
      Deadline deadline) {
    return switch (mode) {
      case BM25 -> view.searchLexical(question, candidates, VersionFilter.NONE);
      case DENSE ->
          view.searchDense(
              Embedder.await(embedder(state).embedQuery(question, deadline), deadline),
              candidates,
              VersionFilter.NONE);
      case HYBRID ->
          rank(view, state, question, candidates, VersionFilter.NONE, deadline, new Clock())
              .fused();
    };
  }

  private Retrieved find(
      CollectionRef ref,
      String question,
      int topK,
      DocumentFilter filter,
      Deadline deadline,
      boolean forPrompt) {
    return read(
        ref,
        deadline,
        (state, view) -> {
          Clock clock = new Clock();
          VersionFilter versions = filtered.of(state, filter);
          int candidates = Math.max(config.candidates(), topK);
          Ranking ranking = rank(view, state, question, candidates, versions, deadline, clock);
          FoundPassages found = new FoundPassages(view, state, superseded, question);
          List<Passage> passages;
          Relevance relevance;
          if (forPrompt) {
            passages = selection.forPrompt(found.best(ranking.fused(), candidatesFor(topK)), topK);
            relevance =
                new Relevance(
                    bestCosine(ranking),
                    view.wordEvidence(question, ranking.best(COMPARED_CHUNKS), versions));
          } else {
            passages = found.best(ranking.fused(), topK);
            relevance = new Relevance(bestCosine(ranking), 0); // only answers use the words
          }
          long fetchNanos = clock.lap();
          return new Found(passages, relevance, clock.timings(fetchNanos));
        });
  }

  /** The result of reading one state. */
  private record Found(List<Passage> passages, Relevance relevance, RetrievalTimings timings) {}

  private interface Reading {
    Found of(CollectionState state, ChunkView view);
  }

  private Retrieved read(CollectionRef ref, Deadline deadline, Reading reading) {
    return threads.run(deadline, () -> readNow(ref, deadline, reading));
  }

  /**
   * Reads the newest state, and reads again when chunks were deleted before they could be found.
   */
  private Retrieved readNow(CollectionRef ref, Deadline deadline, Reading reading) {
    for (int readings = 0; readings < MAX_ATTEMPTS; readings++) {
      CollectionState state = catalog.published(ref);
      LiveVersions live = LiveViews.live(state);
      try (ChunkView view = views.open(state, deadline)) {
        Found found = reading.of(state, view);
        CollectionState now = catalog.state(ref);
        boolean isCurrent = now.epoch() == state.epoch();
        if (isCurrent || hadAll(view, live, now)) {
          return new Retrieved(
              state.epoch(), isCurrent, found.passages(), found.relevance(), found.timings());
        }
      }
    }
    throw new ThrongException(
        ErrorCode.STORE_UNAVAILABLE,
        "%s: documents were replaced and deleted during each of %d searches(retry the question)"
            .formatted(ref, MAX_ATTEMPTS));
  }

  /** Returns whether the view could still find the versions that have died since it was opened. */
  private static boolean hadAll(ChunkView view, LiveVersions live, CollectionState now) {
    Set<Long> died =
        live.versions().stream()
            .filter(version -> !now.isLive(version))
            .collect(Collectors.toUnmodifiableSet());
    return died.isEmpty() || view.stillHas(live.only(died));
  }

  private Ranking rank(
      ChunkView view,
      CollectionState state,
      String question,
      int candidates,
      VersionFilter versions,
      Deadline deadline,
      Clock clock) {
    CompletableFuture<Embedding> embedding =
        embedder(state).embedQuery(UnicodeForms.compatible(question), deadline);
    clock.lap();
    List<Hit> lexical =
        searchesWords ? live(state, view.searchLexical(question, candidates, versions)) : List.of();
    clock.lexicalNanos = clock.lap();
    Embedding query = Embedder.await(embedding, deadline);
    clock.embedNanos = clock.lap();
    List<Hit> dense = live(state, view.searchDense(query, candidates, versions));
    clock.denseNanos = clock.lap();
    Ranking ranking =
        new Ranking(lexical, dense, searchesWords ? fuser.fuse(lexical, dense) : dense);
    clock.fuseNanos = clock.lap();
    return ranking;
  }

  private static List<Hit> first(List<Hit> hits, int count) {
    return hits.subList(0, Math.min(count, hits.size()));
  }

  /** Returns more than {@code topK}, because some of the best chunks may be duplicates. */
  private static int candidatesFor(int topK) {
    return topK * 2;
  }

  private static List<Hit> live(CollectionState state, List<Hit> hits) {
    return hits.stream().filter(hit -> state.isLive(hit.version())).toList();
  }

  private static double bestCosine(Ranking ranking) {
    return ranking.dense().isEmpty() ? -1 : 2.0 * ranking.dense().getFirst().score() - 1;
  }

  private Embedder embedder(CollectionState state) {
    return embedders.of(state.spec().embedderId());
  }

  /** Stops searching. */
  @Override
  public void close() {
    threads.close();
  }

  /** Measures the stages of one retrieval. */
  private static final class Clock {
    private long last = System.nanoTime();
    private long embedNanos;
    private long lexicalNanos;
    private long denseNanos;
    private long fuseNanos;

    long lap() {
      long now = System.nanoTime();
      long lap = now - last;
      last = now;
      return lap;
    }

    RetrievalTimings timings(long fetchNanos) {
      return new RetrievalTimings(embedNanos, lexicalNanos, denseNanos, fuseNanos, fetchNanos);
    }
  }
}
