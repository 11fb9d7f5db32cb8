package dev.throng.store.weaviate;

import dev.throng.core.Hash;
import dev.throng.store.ChunkStore.IndexSpec;

/**
 * What a class is called: {@code Throng__handbook__g1__0f3a...}. Weaviate keeps a class in a folder
 * with its name in lower case, so a capital is written as its code, like every sign.
 */
final class ClassName {
  private static final String SEPARATOR = "__"; // not in an encoded name: there, hex follows a '_'
  private static final int SPEC_HEX_DIGITS = 12;

  private ClassName() {}

  /** The beginning of the names of all classes of one generation, whatever they are made for. */
  static String ofGeneration(String prefix, String collection, long generation) {
    return prefix + SEPARATOR + encoded(collection) + SEPARATOR + "g" + generation + SEPARATOR;
  }

  /** The class of one generation that is made for {@code spec}: tenants may differ in it. */
  static String of(String prefix, String collection, long generation, IndexSpec spec) {
    Hash hash =
        new Hash.Builder()
            .add(spec.language())
            .add(spec.embedderId())
            .add(spec.dimension())
            .build();
    return ofGeneration(prefix, collection, generation) + hash.hex().substring(0, SPEC_HEX_DIGITS);
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
