package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Metadata;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The contract of every catalogue, wherever it is stored. */
public abstract class CatalogContract extends OpenedCatalog {
  protected static final CollectionRef REF = new CollectionRef("default", "handbook");
  private static final CollectionRef OTHER = new CollectionRef("tenant2", "handbook");

  protected CatalogContract() {
    super(REF);
  }

  @Test
  void switchToAnotherIndexIsCompleteOrDoesNotHappen() {
    LiveDocument a = publish("a.md");
    LiveDocument b = publish("b.md");
    CollectionIndexes indexes = catalog().indexes();
    CollectionSpec other = new CollectionSpec("en", "another", 32);
    CollectionIndex started = indexes.begin(REF, other, "pipeline");
    assertEquals(2, started.number());
    assertEquals(started, indexes.begin(REF, other, "pipeline"), "the started build continues");
    JobClaim claim = claim(started);
    note(indexes, claim, a);
    long epoch = catalog().state(REF).epoch();
    assertTrue(indexes.switchTo(REF, 2, epoch).isEmpty(), "b is missing");
    note(indexes, new JobClaim(claim.number(), claim.claim() - 1), b);
    assertTrue(indexes.switchTo(REF, 2, epoch).isEmpty(), "recorded under a lost claim");
    note(indexes, claim, b);
    assertTrue(indexes.switchTo(REF, 2, epoch - 1).isEmpty(), "the collection has moved on");
    CollectionState switched = indexes.switchTo(REF, 2, epoch).orElseThrow();
    assertEquals(other, switched.spec());
    assertEquals(7, switched.documentAt("a.md").orElseThrow().chunkCount());
    reopen();
    assertEquals(switched, catalog().state(REF));
    CollectionIndex former = catalog().indexes().of(REF).getFirst();
    assertEquals(CollectionIndex.State.FORMER, former.state());
    assertEquals(2, former.documents());
    assertEquals(SPEC, former.spec());
  }

  private JobClaim claim(CollectionIndex index) {
    NewJob job = new NewJob("job", new JobSpec.Reindex(index.number()));
    catalog().jobs().enqueue(REF, List.of(job), null, Quota.NONE, 10);
    return catalog().jobs().claims().claimNext("").orElseThrow().claim();
  }

  private static void note(CollectionIndexes indexes, JobClaim claim, LiveDocument document) {
    CollectionIndex.Built built =
        new CollectionIndex.Built(document.version(), document.contentHash(), 7);
    indexes.note(REF, 2, List.of(built), claim);
  }

  @Test
  void publishAdvancesTheEpochAndReplacesTheVersion() {
    LiveDocument first = publish("a.md");
    long before = catalog().state(REF).epoch();
    LiveDocument second = publish("a.md");
    CollectionState state = catalog().state(REF);
    assertTrue(state.epoch() > before);
    assertEquals(second, state.documentAt("a.md").orElseThrow());
    assertEquals(Set.of(first.version()), state.deadVersions());
    assertEquals(first.id(), second.id());
    assertFalse(state.isLive(first.version()));
  }

  @Test
  void memoryMatchesTheDatabaseAfterAnyHistory() {
    catalog().create(OTHER, SPEC);
    for (long seed = 0; seed < 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int step = 0; step < 25; step++) {
        now = now.plusMillis(random.nextInt(1, 500));
        randomPublication(random, random.nextInt(3) == 0 ? OTHER : REF);
      }
      Set<CollectionState> before = Set.copyOf(catalog().states());
      reopen();
      assertEquals(before, Set.copyOf(catalog().states()), "seed " + seed);
    }
  }

  private void randomPublication(SplittableRandom random, CollectionRef ref) {
    CollectionState state = catalog().state(ref);
    List<LiveDocument> live = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Metadata metadata =
          random.nextBoolean()
              ? Metadata.NONE
              : new Metadata(
                  Map.of("n", new Metadata.Numeric(BigDecimal.valueOf(random.nextInt(99)))));
      Instant modifiedAt = random.nextBoolean() ? null : now.minusNanos(random.nextInt(9));
      live.add(begin(ref, "doc" + i + "-" + random.nextInt(4), metadata, modifiedAt));
    }
    Set<String> removed = new HashSet<>();
    if (random.nextInt(3) == 0) {
      state.byUri().values().stream().limit(1).map(LiveDocument::id).forEach(removed::add);
      live.forEach(document -> removed.remove(document.id()));
    }
    Set<Long> purged = random.nextInt(4) == 0 ? Set.copyOf(state.deadVersions()) : Set.of();
    catalog().publish(ref, new Publication(live, removed, purged));
  }

  @Test
  void metadataOfEveryTypeAndTimesAreReadBackUnchanged() {
    Map<String, Metadata.Value> fields =
        Map.of(
            "text", new Metadata.Text("größer 😀 \"quoted\" \u0000"),
            "whole", new Metadata.Numeric(new BigDecimal("9007199254740993")),
            "round", new Metadata.Numeric(new BigDecimal("2000")),
            "part", new Metadata.Numeric(new BigDecimal("-0.25")),
            "flag", new Metadata.Flag(true),
            "day", Metadata.textOrDate("2025-03-01"),
            "moment", Metadata.textOrDate("2025-03-01T12:00:00.123456+01:00"),
            "tags", new Metadata.Texts(List.of("b", "a", "2025-03-01")),
            "source", new Metadata.Text("2025-03-01"));
    Instant modified = Instant.parse("2024-02-29T23:59:59.999999999Z");
    LiveDocument written = begin(REF, "a.md", new Metadata(fields), modified);
    catalog().publish(REF, new Publication(List.of(written), Set.of(), Set.of()));
    assertEquals(Instant.parse("2024-02-29T23:59:59.999Z"), written.modifiedAt());
    reopen();
    LiveDocument read = catalog().state(REF).documentAt("a.md").orElseThrow();
    assertEquals(written, read);
    assertEquals(
        "{\"day\":\"2025-03-01\",\"flag\":true,\"moment\":\"2025-03-01T11:00:00.123456Z\","
            + "\"part\":-0.25,\"round\":2000,\"source\":\"2025-03-01\","
            + "\"tags\":[\"b\",\"a\",\"2025-03-01\"],"
            + "\"text\":\"größer 😀 \\\"quoted\\\" \\u0000\",\"whole\":9007199254740993}",
        MetadataJson.text(read.metadata()));
  }

  @Test
  void epochsAreTimesSoARestoredCatalogueRepeatsNone() {
    publish("a.md");
    publish("a.md");
    now = now.plusSeconds(60);
    publish("a.md");
    assertEquals(now.toEpochMilli(), catalog().state(REF).epoch());
  }

  /** The caller may have been interrupted after the transaction, and tries again. */
  @Test
  void repeatedPublicationKeepsItsDocumentsLive() {
    LiveDocument document = begin(REF, "a.md");
    Publication publication = new Publication(List.of(document), Set.of(), Set.of());
    catalog().publish(REF, publication);
    CollectionState again = catalog().publish(REF, publication);
    assertTrue(again.isLive(document.version()));
    assertEquals(Set.of(), again.deadVersions());
    reopen();
    assertEquals(again, catalog().state(REF));
  }

  @Test
  void unpublishedVersionIsAbandonedAndForgotten() {
    LiveDocument started = begin(REF, "half.md");
    reopen();
    assertEquals(Set.of(started.version()), catalog().abandonedVersions(REF));
    assertEquals(Set.of(), catalog().state(REF).byVersion().keySet());
    catalog().forgetVersions(Set.of(started.version()));
    assertEquals(Set.of(), catalog().abandonedVersions(REF));
    assertTrue(begin(REF, "half.md").version() > started.version(), "no number is used twice");
  }

  @Test
  void documentsAreIdentifiedByCollectionAndUri() {
    assertEquals(DocumentIds.of(REF, "a.md"), DocumentIds.of(REF, "a.md"));
    assertNotEquals(DocumentIds.of(REF, "a.md"), DocumentIds.of(REF, "b.md"));
    assertNotEquals(DocumentIds.of(REF, "a.md"), DocumentIds.of(OTHER, "a.md"));
  }

  @Test
  void existingCollectionKeepsItsSpec() {
    CollectionState same = catalog().create(REF, new CollectionSpec("de", "other", 7));
    assertEquals(SPEC, same.spec());
    assertFails(ErrorCode.UNKNOWN_COLLECTION, () -> catalog().state(OTHER), "\"handbook\"");
  }

  @Test
  void drainedBackendsStayDrainedAcrossARestart() {
    catalog().drainedBackends().set("http://a:11434", true);
    catalog().drainedBackends().set("http://a:11434", true);
    catalog().drainedBackends().set("http://b:11434", true);
    catalog().drainedBackends().set("http://b:11434", false);
    reopen();
    assertEquals(Set.of("http://a:11434"), catalog().drainedBackends().urls());
  }
}
