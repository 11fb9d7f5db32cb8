package dev.throng.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a catalogue must do so that nothing remains of purged documents. */
public abstract class PurgesContract extends OpenedCatalog {
  protected static final CollectionRef REF = new CollectionRef("default", "handbook");
  private static final Quota NO_QUOTA = Quota.NONE;
  private static final JobQuery ALL = new JobQuery("", Set.of(), "", Long.MAX_VALUE, 100);

  private int ids;

  protected PurgesContract() {
    super(REF);
  }

  private String blob() {
    ids++;
    return "blob" + ids;
  }

  /** Uploads a document whose texts all contain the word. */
  private Job enqueue(String uri, String word) {
    ids++;
    DocumentSource source =
        new DocumentSource(
            uri,
            "name-" + word,
            "title " + word,
            new Metadata(Map.of("field", new Metadata.Text(word))),
            null,
            new Blob(blob(), 3, Hash.of(word.getBytes(StandardCharsets.UTF_8))));
    NewJob job = new NewJob("job" + ids, JobSpec.Document.sent(REF, source));
    IdempotencyKey key =
        new IdempotencyKey("key-" + word, Hash.of(uri.getBytes(StandardCharsets.UTF_8)));
    return catalog().jobs().enqueue(REF, List.of(job), key, NO_QUOTA, 100).getFirst();
  }

  private LiveDocument takeIn(String uri, String word) {
    enqueue(uri, word);
    ClaimedJob claimed = catalog().jobs().claims().claimNext("").orElseThrow();
    DocumentSource source = ((JobSpec.Document) claimed.job().spec()).source();
    Hash hash = source.blob().content();
    long version = catalog().beginVersion(REF, source, "title " + word, hash);
    LiveDocument document =
        new LiveDocument(
            DocumentIds.of(REF, uri),
            uri,
            "title " + word,
            hash,
            version,
            1,
            source.metadata(),
            null);
    catalog()
        .publish(
            REF,
            new Publication(
                catalog().state(REF).indexNumber(),
                List.of(document),
                Set.of(),
                Set.of(),
                Map.of(version, claimed.claim())));
    return document;
  }

  private boolean isKept(String word) {
    boolean[] found = {false};
    catalog()
        .purges()
        .forEachText(bytes -> {
          if (new String(bytes, StandardCharsets.UTF_8).contains(word)) {
            found[0] = true;
          }
        });
    return found[0];
  }

  private Purges.Removed purge() {
    Set<Long> dead = catalog().state(REF).deadVersions();
    catalog().purges().retireJobs(REF);
    return catalog().purges().remove(REF, dead);
  }

  @Test
  void nothingOfADeletedDocumentRemains() {
    LiveDocument other = takeIn("a.md", "harmless");
    LiveDocument document = takeIn("secret-uri.md", "topsecret");
    catalog().invalidation().of(new InvalidationTarget.Document(REF, document.id()));
    catalog().publish(REF, new Publication(List.of(), Set.of(document.id()), Set.of()));
    assertTrue(isKept("topsecret"));
    assertTrue(isKept("secret-uri"));

    Set<Long> dead = catalog().state(REF).deadVersions();
    catalog().purges().retireJobs(REF);
    assertEquals(1, catalog().purges().originalsOf(REF, dead).size());
    Purges.Removed removed = catalog().purges().remove(REF, dead);
    assertEquals(1, removed.versions());
    assertEquals(1, removed.jobs());
    assertFalse(isKept("topsecret"));
    assertFalse(isKept("secret-uri"));
    assertFalse(isKept(document.id()), "the invalidation is gone, too");
    assertEquals(Set.of(), removed.state().deadVersions());
    assertTrue(isKept("harmless"));
    assertEquals(other, catalog().state(REF).documentAt("a.md").orElseThrow());
    catalog().purges().rewriteFiles();
    assertEquals(other, catalog().state(REF).documentAt("a.md").orElseThrow());
    assertEquals(1, catalog().jobs().list("default", ALL).size());
  }

  @Test
  void previousTitlesOfALiveDocumentAreGoneAndItsCurrentOneStays() {
    takeIn("a.md", "topsecret");
    LiveDocument second = takeIn("a.md", "harmless");
    assertTrue(isKept("topsecret"));
    purge();
    assertFalse(isKept("topsecret"));
    assertEquals(second, catalog().state(REF).documentAt("a.md").orElseThrow());
    assertTrue(isKept("title harmless"));
    assertEquals(1, catalog().jobs().list("default", ALL).size());
    assertEquals(
        Set.of(), catalog().purges().originalsOf(REF, Set.of()), "the live version's stays");
  }

  @Test
  void openJobsStayAndFailedJobsWithoutADocumentAreRemoved() {
    Job failed = enqueue("failed.md", "topsecret");
    ClaimedJob claimed = catalog().jobs().claims().claimNext("").orElseThrow();
    catalog()
        .jobs()
        .claims()
        .fail(
            claimed.claim(),
            JobProgress.of(JobState.PARSING),
            ErrorCode.DOCUMENT_EMPTY,
            "topsecret: no text");
    Job queued = enqueue("queued.md", "waiting");
    Job running = enqueue("running.md", "underway");
    catalog().jobs().claims().claimNext("");
    purge();
    assertFalse(isKept("topsecret"));
    assertEquals(
        List.of(), List.copyOf(catalog().jobs().find("default", failed.id()).stream().toList()));
    assertTrue(catalog().jobs().find("default", queued.id()).isPresent());
    assertTrue(catalog().jobs().find("default", running.id()).isPresent());
    Job again = enqueue("failed.md", "topsecret");
    assertEquals(JobState.QUEUED, again.state(), "its Idempotency-Key leads to no job");
  }

  @Test
  void failedUploadCanBeRetriedBesideTheLiveVersion() {
    takeIn("a.md", "harmless");
    Job failed = enqueue("a.md", "better");
    ClaimedJob claimed = catalog().jobs().claims().claimNext("").orElseThrow();
    catalog()
        .jobs()
        .claims()
        .fail(claimed.claim(), JobProgress.of(JobState.PARSING), ErrorCode.DOCUMENT_EMPTY, "no");
    purge();
    assertEquals(
        JobState.QUEUED, catalog().jobs().retry("default", failed.id()).orElseThrow().state());
    assertEquals(2, catalog().jobs().list("default", ALL).size());
  }

  @Test
  void interruptedPurgeIsRepeated() {
    LiveDocument document = takeIn("a.md", "topsecret");
    catalog().publish(REF, new Publication(List.of(), Set.of(document.id()), Set.of()));
    Set<Long> dead = catalog().state(REF).deadVersions();
    catalog().purges().retireJobs(REF);
    reopen();
    assertEquals(
        1, catalog().purges().originalsOf(REF, dead).size(), "retired originals are still known");
    assertEquals(1, purge().versions());
    assertEquals(0, purge().versions());
    assertFalse(isKept("topsecret"));
  }

  @Test
  void stateRecordsThePurgeAndListenersAreNotified() {
    List<CollectionState> notified = new ArrayList<>();
    catalog().onPurge(notified::add);
    LiveDocument document = takeIn("a.md", "topsecret");
    assertEquals(List.of(), notified);
    catalog().publish(REF, new Publication(List.of(), Set.of(document.id()), Set.of()));
    assertEquals(List.of(), notified, "a publish is not a purge");
    CollectionState purged = purge().state();
    assertEquals(List.of(purged), notified);
    assertEquals(purged.epoch(), purged.invalidations().purgedAt());
    catalog().invalidation().of(new InvalidationTarget.Collection(REF));
    assertEquals(purged.epoch(), catalog().state(REF).invalidations().purgedAt(), "the mark stays");
    assertEquals(new HashSet<>(notified), Set.of(purged));
    reopen();
    assertEquals(purged.epoch(), catalog().state(REF).invalidations().purgedAt());
  }
}
