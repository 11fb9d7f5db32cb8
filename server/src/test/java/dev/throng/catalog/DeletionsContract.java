package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a catalogue must do when collections are deleted, or were never published. */
public abstract class DeletionsContract extends OpenedCatalog {
  protected static final CollectionRef REF = new CollectionRef("default", "handbook");
  private static final CollectionRef OTHER = new CollectionRef("tenant2", "handbook");

  protected DeletionsContract() {
    super(REF);
  }

  @Test
  void deletedCollectionIsGoneAndItsSuccessorRepeatsNoEpochOrIndex() {
    publish("a.md");
    CollectionState before = catalog().state(REF);
    CollectionState deleted = catalog().deletions().begin(REF);
    assertTrue(deleted.epoch() > before.epoch());
    assertEquals(Set.of(), deleted.byVersion().keySet());
    assertDeleted();
    reopen();
    assertDeleted();
    assertEquals(List.of(deleted), catalog().deletions().unfinished());
    assertFails(ErrorCode.COLLECTION_DELETING, () -> catalog().create(REF, SPEC), "handbook");
    assertEquals(new Deletions.Removed(1, 0), catalog().deletions().finish(REF));
    assertEquals(new Deletions.Removed(0, 0), catalog().deletions().finish(REF));
    assertEquals(List.of(), catalog().deletions().unfinished());
    CollectionState again = catalog().create(REF, new CollectionSpec("de", "other", 7));
    assertEquals("other", again.spec().embedderId());
    assertTrue(again.epoch() > deleted.epoch());
    assertTrue(again.indexNumber() > before.indexNumber());
    assertEquals(Set.of(), again.byVersion().keySet());
    LiveDocument document = publish("a.md");
    assertEquals(Set.of(document.version()), catalog().state(REF).byVersion().keySet());
    CollectionState known = catalog().state(REF);
    reopen();
    assertEquals(known, catalog().state(REF));
  }

  private void assertDeleted() {
    assertTrue(catalog().find(REF).isEmpty());
    assertTrue(catalog().states().isEmpty());
    assertFails(ErrorCode.UNKNOWN_COLLECTION, () -> publish("b.md"), "handbook");
    assertFails(ErrorCode.UNKNOWN_COLLECTION, () -> catalog().deletions().begin(REF), "handbook");
    assertFails(
        ErrorCode.UNKNOWN_COLLECTION,
        () -> catalog().invalidation().of(new InvalidationTarget.Collection(REF)),
        "");
  }

  @Test
  void forgottenCollectionsSuccessorRepeatsNoEpochOrIndex() {
    publish("a.md");
    CollectionState before = catalog().state(REF);
    catalog().deletions().begin(REF);
    catalog().deletions().finish(REF);
    catalog().indexes().forget(REF, before.indexNumber());
    catalog().deletions().forgetBefore(now);
    assertEquals(0, catalog().create(OTHER, SPEC).epoch(), "the other is too recent to be removed");
    now = now.plusMillis(1);
    catalog().deletions().forgetBefore(now);
    now = Instant.ofEpochMilli(1); // the clock is set back
    CollectionState again = catalog().create(REF, SPEC);
    assertTrue(again.epoch() > before.epoch());
    assertTrue(again.indexNumber() > before.indexNumber());
    publish("a.md");
    assertTrue(catalog().state(REF).epoch() > again.epoch());
  }

  @Test
  void unpublishedCollectionIsRemovedWhenItsJobsHaveEnded() {
    CollectionState started = catalog().prepare(OTHER, SPEC, 10);
    assertFalse(started.isPublished());
    assertFails(ErrorCode.UNKNOWN_COLLECTION, () -> catalog().published(OTHER), "handbook");
    NewJob job = new NewJob("j1", new JobSpec.Sync(Path.of("folder")));
    catalog().jobs().enqueue(OTHER, List.of(job), null, Quota.NONE, 10);
    Instant later = now.plusSeconds(1);
    catalog().deletions().beginUnused(later);
    assertTrue(catalog().find(OTHER).isPresent(), "a document is on its way");
    catalog().jobs().cancel("tenant2", "j1");
    catalog().deletions().beginUnused(now);
    assertTrue(catalog().find(OTHER).isPresent(), "its job has just ended");
    catalog().deletions().beginUnused(later);
    assertTrue(catalog().find(OTHER).isEmpty());
    assertTrue(catalog().find(REF).isPresent(), "an operator created it");
    assertEquals(new Deletions.Removed(0, 1), catalog().deletions().finish(OTHER));
    catalog().prepare(OTHER, SPEC, 10);
    LiveDocument document = begin(OTHER, "a.md");
    catalog().publish(OTHER, new Publication(List.of(document), Set.of(), Set.of()));
    assertTrue(catalog().published(OTHER).isLive(document.version()));
    reopen();
    assertTrue(catalog().published(OTHER).isLive(document.version()));
  }

  @Test
  void deletedNamesAreBounded() {
    for (int i = 0; i < 19; i++) {
      CollectionRef ref = new CollectionRef("default", "name-" + i);
      catalog().prepare(ref, SPEC, 2);
      catalog().deletions().begin(ref);
      catalog().deletions().finish(ref);
    }
    CollectionRef last = new CollectionRef("default", "last");
    assertFails(ErrorCode.QUOTA_EXCEEDED, () -> catalog().prepare(last, SPEC, 2), "ten times");
  }

  @Test
  void deletionEndsJobsAndAbandonsEveryIndex() {
    CollectionIndex building = catalog().indexes().begin(REF, SPEC, "pipeline");
    NewJob job = new NewJob("j1", new JobSpec.Sync(Path.of("folder")));
    catalog().jobs().enqueue(REF, List.of(job), null, Quota.NONE, 10);
    JobClaim claim = catalog().jobs().claims().claimNext("").orElseThrow().claim();
    catalog().deletions().begin(REF);
    assertEquals(JobState.CANCELLED, catalog().jobs().find("default", "j1").orElseThrow().state());
    assertFalse(
        catalog().jobs().claims().note(claim, new JobProgress(JobState.EMBEDDING, 0, 0, 0)));
    assertEquals(JobState.CANCELLED, catalog().jobs().retry("default", "j1").orElseThrow().state());
    NewJob late = new NewJob("j2", new JobSpec.Sync(Path.of("folder")));
    assertFails(
        ErrorCode.UNKNOWN_COLLECTION,
        () -> catalog().jobs().enqueue(REF, List.of(late), null, Quota.NONE, 10),
        "handbook");
    List<CollectionIndex> left = catalog().indexes().of(REF);
    assertEquals(
        List.of(1L, building.number()), left.stream().map(CollectionIndex::number).toList());
    assertTrue(left.stream().allMatch(each -> each.state() == CollectionIndex.State.DROPPED));
    assertEquals(new Deletions.Removed(0, 1), catalog().deletions().finish(REF));
    assertTrue(catalog().jobs().find("default", "j1").isEmpty());
  }
}
