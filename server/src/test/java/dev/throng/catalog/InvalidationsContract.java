package dev.throng.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import dev.throng.core.TextRange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of invalidations in every catalogue, wherever it is stored. */
public abstract class InvalidationsContract extends OpenedCatalog {
  private static final CollectionRef REF = new CollectionRef("default", "handbook");
  private static final CollectionRef OTHER = new CollectionRef("tenant2", "handbook");
  private static final InvalidationTarget WHOLE = new InvalidationTarget.Collection(REF);

  protected InvalidationsContract() {
    super(REF);
  }

  private static Source sourceIn(String uri) {
    String id = DocumentIds.of(REF, uri);
    return new Source(
        1, new Passage(id, 1, uri, "", "", 0, 0, 1, "text", 0.5), List.of(new TextRange(0, 3)));
  }

  @Test
  void invalidationAdvancesTheEpochAndAffectsOnlyItsTarget() {
    publish("a.md");
    Hash question = Hash.of(new byte[] {1});
    Hash other = Hash.of(new byte[] {2});
    long before = catalog().state(REF).epoch();
    long asked = invalidate(new InvalidationTarget.Question(REF, question));
    String id = DocumentIds.of(REF, "a.md");
    long written = invalidate(new InvalidationTarget.Document(REF, id));
    assertTrue(before < asked && asked < written);
    reopen();
    Invalidations known = catalog().state(REF).invalidations();
    assertEquals(asked, known.epochFor(question, List.of()));
    assertEquals(0, known.epochFor(other, List.of(sourceIn("b.md"))));
    assertEquals(written, known.epochFor(other, List.of(sourceIn("b.md"), sourceIn("a.md"))));
    assertFalse(known.isWholeBefore(written));
    publish("a.md");
    assertEquals(known, catalog().state(REF).invalidations(), "a publish keeps them");
    long whole = invalidate(WHOLE);
    reopen();
    assertEquals(
        new Invalidations(whole, Map.of(), Map.of(), 0), catalog().state(REF).invalidations());
    assertEquals(whole, catalog().state(REF).invalidations().epochFor(other, List.of()));
    assertTrue(catalog().state(REF).invalidations().isWholeBefore(whole));
  }

  private long invalidate(InvalidationTarget target) {
    return catalog().invalidation().of(target).getFirst().epoch();
  }

  @Test
  void tooManyTargetsInvalidateTheWholeCollection() {
    Invalidations known = Invalidations.NONE;
    for (int i = 0; i < Invalidations.MAX_TARGETS; i++) {
      known = known.with(new InvalidationTarget.Document(REF, "d" + i), i + 1);
    }
    Invalidations again = known.with(new InvalidationTarget.Document(REF, "d7"), 5_000);
    assertEquals(known.documents().keySet(), again.documents().keySet());
    Invalidations more = new Invalidations(5_000, Map.of(), Map.of(), 0);
    assertEquals(more, known.with(new InvalidationTarget.Document(REF, "one more"), 5_000));
    Hash question = Hash.of(new byte[0]);
    assertEquals(more, known.with(new InvalidationTarget.Question(REF, question), 5_000));
  }

  private static boolean isWhole(CollectionState state) {
    return state.invalidations().isWholeBefore(state.epoch());
  }

  @Test
  void invalidatingAllCoversEveryCollectionOfEveryTenant() {
    catalog().create(OTHER, SPEC);
    assertEquals(2, catalog().invalidation().of(new InvalidationTarget.All()).size());
    assertTrue(isWhole(catalog().state(REF)) && isWhole(catalog().state(OTHER)));
  }
}
