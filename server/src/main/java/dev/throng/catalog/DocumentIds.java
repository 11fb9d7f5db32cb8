package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;

/** Names documents. */
public final class DocumentIds {
  private DocumentIds() {}

  /**
   * The id of the document at {@code uri}: the same whenever it is asked for, also after a
   * deletion.
   */
  public static String of(CollectionRef ref, String uri) {
    Hash hash = new Hash.Builder().add(ref.tenant()).add(ref.name()).add(uri).build();
    return "d" + hash.hex().substring(0, 23);
  }
}
