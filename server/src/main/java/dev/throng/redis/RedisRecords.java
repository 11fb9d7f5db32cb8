package dev.throng.redis;

import dev.throng.flight.SharedRecords;
import dev.throng.flight.StreamRecord;
import dev.throng.flight.StreamRecords;
import dev.throng.redis.wire.FlightCodec;
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
