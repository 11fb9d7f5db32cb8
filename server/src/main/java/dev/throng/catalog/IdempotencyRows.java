package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Which jobs belong to requests that clients may repeat. */
final class IdempotencyRows {
  private IdempotencyRows() {}

  static boolean isKnown(Handle handle, String tenant, String key) {
    return handle
        .createQuery("SELECT 1 FROM idempotency_key WHERE tenant = ? AND key = ?")
        .bind(0, tenant)
        .bind(1, key)
        .mapTo(int.class)
        .findOne()
        .isPresent();
  }

  /**
   * Returns the ids of the jobs of an earlier request with the same key; none when there was none.
   *
   * @throws ThrongException IDEMPOTENCY_CONFLICT when the earlier request was another one
   */
  static List<String> jobs(Handle transaction, String tenant, IdempotencyKey key) {
    record Known(String request, String jobs) {}
    List<Known> known =
        transaction
            .createQuery("SELECT request, jobs FROM idempotency_key WHERE tenant = ? AND key = ?")
            .bind(0, tenant)
            .bind(1, key.key())
            .map((row, context) -> new Known(row.getString("request"), row.getString("jobs")))
            .list();
    if (known.isEmpty()) {
      return List.of();
    }
    if (!Hash.parse(known.getFirst().request()).equals(key.request())) {
      throw new ThrongException(
          ErrorCode.IDEMPOTENCY_CONFLICT,
          "Idempotency-Key: \"%s\" was already used for another request".formatted(key.key()));
    }
    return Arrays.asList(known.getFirst().jobs().split(" ", -1));
  }

  /** Remembers the jobs of a request. */
  static void keep(
      Handle transaction, String tenant, IdempotencyKey key, List<String> ids, long nowMillis) {
    transaction.execute(
        "INSERT INTO idempotency_key (tenant, key, request, jobs, created_at) VALUES (?, ?, ?, ?, ?)",
        tenant,
        key.key(),
        key.request().hex(),
        String.join(" ", ids),
        nowMillis);
  }

  static void forgetBefore(Handle transaction, Instant time) {
    transaction.execute("DELETE FROM idempotency_key WHERE created_at < ?", time.toEpochMilli());
  }
}
