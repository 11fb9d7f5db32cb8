package dev.throng.redis;

import dev.throng.cache.FlightCodec;
import dev.throng.cache.SharedRecords;
import dev.throng.cache.StreamRecord;
import dev.throng.cache.StreamRecords;
import java.util.Optional;

/** Records of event streams, under {@code PREFIX:r:REQUEST}. */
record RedisRecords(RedisValues values) implements SharedRecords {
  static final String PART = ":r:";

  @Override
  public void keep(String requestId, StreamRecord record) {
    values.set(key(requestId), FlightCodec.encode(record), StreamRecords.LIFETIME);
  }

  @Override
  public Optional<StreamRecord> find(String requestId) {
    return values.get(key(requestId), FlightCodec::record);
  }

  private static String key(String requestId) {
    return PART + requestId;
  }
}
