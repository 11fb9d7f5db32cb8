package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Feedback.Entry;
import dev.throng.catalog.Feedback.Rating;
import dev.throng.catalog.Feedback.Said;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract of what users say about answers, in every database. */
public abstract class FeedbackContract extends OpenedCatalog {
  private static final CollectionRef REF = new CollectionRef("a", "handbook");
  private static final int MANY = 1_000;

  protected FeedbackContract() {
    super(REF);
  }

  private Feedback feedback() {
    return catalog().feedback();
  }

  private static Said said(String id, String... documents) {
    return new Said(
        id, "answer", Rating.UP, "Question " + id, "It's \"good\"", List.of(documents), List.of());
  }

  private List<String> ids() {
    return feedback().list("a", "", Long.MAX_VALUE, MANY).stream()
        .map(entry -> entry.said().id())
        .toList();
  }

  @Test
  void entryIsListedAsItWasSaidAlsoAfterARestart() {
    Said down = new Said("f1", "a1", Rating.DOWN, "Q?", "", List.of("d1", "d2"), List.of("d2"));
    feedback().add(REF, down, MANY);
    reopen();
    Entry entry = feedback().list("a", "handbook", Long.MAX_VALUE, MANY).getFirst();
    assertEquals(down, entry.said());
    assertEquals(REF, entry.collection());
    assertEquals(now, entry.at());
  }

  @Test
  void pagesGoFromTheNewestToTheOldest() {
    List.of("f1", "f2", "f3").forEach(id -> feedback().add(REF, said(id), MANY));
    List<Entry> first = feedback().list("a", "", Long.MAX_VALUE, 2);
    assertEquals(List.of("f3", "f2"), first.stream().map(entry -> entry.said().id()).toList());
    List<Entry> rest = feedback().list("a", "", first.getLast().number(), 2);
    assertEquals(List.of("f1"), rest.stream().map(entry -> entry.said().id()).toList());
    assertEquals(List.of(), feedback().list("a", "other", Long.MAX_VALUE, 2));
    assertEquals(List.of(), feedback().list("b", "", Long.MAX_VALUE, 2));
  }

  @Test
  void newEntryReplacesTheOldestOfItsTenant() {
    CollectionRef other = new CollectionRef("b", "handbook");
    catalog().create(other, SPEC);
    feedback().add(other, said("b1"), 2);
    List.of("f1", "f2", "f3").forEach(id -> feedback().add(REF, said(id), 2));
    assertEquals(List.of("f3", "f2"), ids());
    assertEquals(1, feedback().list("b", "", Long.MAX_VALUE, MANY).size());
  }

  @Test
  void onlyItsTenantDeletesAnEntry() {
    feedback().add(REF, said("f1"), MANY);
    assertFalse(feedback().delete("b", "f1"));
    assertTrue(feedback().delete("a", "f1"));
    assertFalse(feedback().delete("a", "f1"));
    assertEquals(List.of(), ids());
  }

  @Test
  void oldEntriesAreForgotten() {
    feedback().add(REF, said("f1"), MANY);
    now = now.plusSeconds(10);
    feedback().add(REF, said("f2"), MANY);
    feedback().forgetBefore(now);
    assertEquals(List.of("f2"), ids());
  }

  @Test
  void purgeRemovesWhatMayQuoteADocumentThatIsGone() {
    feedback().add(REF, said("live", "d1"), MANY);
    feedback().add(REF, said("gone", "d1", "d2"), MANY);
    feedback().add(REF, said("unknown"), MANY);
    assertEquals(2, feedback().purge(REF, Set.of("d1")));
    assertEquals(List.of("live"), ids());
  }

  @Test
  void deletedCollectionTakesItsFeedbackAlong() {
    publish("a.md");
    feedback().add(REF, said("f1"), MANY);
    catalog().deletions().begin(REF);
    catalog().deletions().finish(REF);
    assertEquals(List.of(), ids());
    assertFails(ErrorCode.UNKNOWN_COLLECTION, () -> feedback().add(REF, said("f2"), MANY));
  }

  @Test
  void unknownCollectionIsAnError() {
    CollectionRef missing = new CollectionRef("a", "missing");
    assertFails(ErrorCode.UNKNOWN_COLLECTION, () -> feedback().add(missing, said("f1"), MANY));
  }
}
