package dev.throng.store.weaviate;

import dev.throng.core.Hash;
import dev.throng.store.ChunkStore.IndexSpec;

/**
 * The name of a class: {@code Throng__handbook__g1__0f3a...}. Weaviate stores a class in a folder
 * with its name in lower case, so upper-case letters are encoded by their code, like all other
 * special characters.
 */
final class ClassName {
  private static final String SEPARATOR = "__"; // not in an encoded name, where hex follows '_'
  private static final int SPEC_HEX_DIGITS = 12;

  private ClassName() {}

  /** Returns the common prefix of the names of all classes of one index, whatever their spec. */
  static String ofIndex(String prefix, String collection, long indexNumber) {
    return prefix + SEPARATOR + encoded(collection) + SEPARATOR + "g" + indexNumber + SEPARATOR;
  }

  /** Returns the class of one index with {@code spec}. Tenants may have different specs. */
  static String of(String prefix, String collection, long indexNumber, IndexSpec spec) {
    Hash hash =
        new Hash.Builder()
            .add(spec.language())
            .add(spec.embedderId())
            .add(spec.dimension())
            .build();
    return ofIndex(prefix, collection, indexNumber) + hash.hex().substring(0, SPEC_HEX_DIGITS);
  }

  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      encoded.append(isPlain ? String.valueOf(c) : "_%02x".formatted((int) c));
    }
    return encoded.toString();
  }
}
