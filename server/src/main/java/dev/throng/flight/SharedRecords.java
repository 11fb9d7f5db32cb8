package dev.throng.flight;

import dev.throng.cache.SharedTier;
import java.util.Optional;

/**
 * Records of event streams that all replicas share. Calls are bounded and never fail, as in {@link
 * SharedTier}.
 */
public interface SharedRecords {
  /** Stores a record in the background, replacing an earlier one of this request. */
  void keep(String requestId, StreamRecord record);

  Optional<StreamRecord> find(String requestId);
}
