package dev.throng.catalog;

/**
 * Work that one replica does for all, each by a name. A lease is held while its holder is seen in
 * the catalogue, by the database's clock; so a holder that dies loses it after some seconds, and
 * one that was taken for dead finds out when it asks again. A process that is alone holds all.
 */
public final class Leases {
  private static final String HOLD =
      "INSERT INTO lease (name, holder) VALUES (?, ?)"
          + " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder"
          + " WHERE lease.holder = excluded.holder OR NOT EXISTS (SELECT 1 FROM replica r"
          + " WHERE r.id = lease.holder AND r.lease_until > clock_timestamp() - "
          + ReplicaLease.SILENT_AFTER
          + ")";

  private final Database database;
  private final String replica;

  Leases(Database database, String replica) {
    this.database = database;
    this.replica = replica;
  }

  /**
   * Takes the lease, unless another replica that lives has it; who has it already keeps it.
   *
   * @return whether this process holds it now
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE
   */
  public boolean hold(String name) {
    return !database.isShared()
        || database.call(handle -> handle.execute(HOLD, name, replica)) == 1;
  }

  /**
   * Lets another one have it; nothing happens when this process does not hold it.
   *
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE
   */
  public void release(String name) {
    if (database.isShared()) {
      database.call(handle ->
          handle.execute("DELETE FROM lease WHERE name = ? AND holder = ?", name, replica));
    }
  }
}
