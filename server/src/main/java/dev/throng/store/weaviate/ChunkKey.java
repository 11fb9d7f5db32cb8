package dev.throng.store.weaviate;

import java.util.UUID;

/**
 * Identifies a chunk. The id of its object consists only of this, so repeating a write changes
 * nothing, a search needs no properties, and objects are sorted by version.
 */
record ChunkKey(long version, int ordinal) {
  static ChunkKey of(String id) {
    UUID uuid = UUID.fromString(id);
    return new ChunkKey(uuid.getMostSignificantBits(), (int) uuid.getLeastSignificantBits());
  }

  String id() {
    return new UUID(version, ordinal).toString();
  }

  /** Returns an id directly before all chunks of the version, which no chunk has. */
  static String idBefore(long version) {
    return new UUID(version - 1, Long.MAX_VALUE).toString();
  }

  /**
   * Returns a number of 12 bits. Its sum over an index shows whether two nodes have the same
   * chunks. The cost of a sum depends on how many different numbers there are, not on the number of
   * chunks.
   */
  int mark() {
    long mixed = (version * 31 + ordinal + 1) * 0x9E3779B97F4A7C15L; // Fibonacci hashing
    return (int) (mixed >>> 52);
  }
}
