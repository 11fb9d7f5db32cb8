package dev.throng.store.weaviate;

import java.util.UUID;

/**
 * Names a chunk. Its object's id is this and nothing else, so a write that is sent again changes
 * nothing, a search needs no properties, and objects lie in the order of versions.
 */
record ChunkKey(long version, int ordinal) {
  static ChunkKey of(String id) {
    UUID uuid = UUID.fromString(id);
    return new ChunkKey(uuid.getMostSignificantBits(), (int) uuid.getLeastSignificantBits());
  }

  String id() {
    return new UUID(version, ordinal).toString();
  }

  /** An id behind which all chunks of the version begin; none has it. */
  static String idBefore(long version) {
    return new UUID(version - 1, Long.MAX_VALUE).toString();
  }

  /**
   * A number of 12 bits, whose sum over an index tells whether two nodes have the same chunks. What
   * a sum costs grows with how many different numbers there are, and not with the chunks.
   */
  int mark() {
    long mixed = (version * 31 + ordinal + 1) * 0x9E3779B97F4A7C15L; // Fibonacci hashing
    return (int) (mixed >>> 52);
  }
}
