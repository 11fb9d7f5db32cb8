package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.UnicodeForms;

/** Names documents. */
public final class DocumentIds {
  private DocumentIds() {}

  /**
   * Returns the id of the document at {@code uri}. It is always the same, also after a deletion.
   */
  public static String of(CollectionRef ref, String uri) {
    Hash hash =
        new Hash.Builder()
            .add(ref.tenant())
            .add(ref.name())
            .add(UnicodeForms.composed(uri))
            .build();
    return "d" + hash.hex().substring(0, 23);
  }
}
