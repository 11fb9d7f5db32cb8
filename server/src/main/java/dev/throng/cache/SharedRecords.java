package dev.throng.cache;

import java.util.Optional;

/** Streams that were begun, as all replicas know them. Bounded and never failing, as the tier. */
public interface SharedRecords {
  /** In the background; replaces what is known of this request. */
  void keep(String requestId, StreamRecord record);

  Optional<StreamRecord> find(String requestId);
}
