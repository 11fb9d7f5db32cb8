package dev.throng.catalog;

/**
 * Named leases for work that one replica does for all. A lease is valid while its holder is seen in
 * the catalogue, by the database's clock. A holder that dies therefore loses it after some seconds,
 * and one that was wrongly considered dead finds out when it renews the lease. A process without
 * other replicas holds all leases.
 */
public final class Leases {
  private static final String HOLD =
      "INSERT INTO lease (name, holder) VALUES (?, ?)"
          + " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder"
          + " WHERE lease.holder = excluded.holder OR NOT EXISTS (SELECT 1 FROM replica r"
          + " WHERE r.id = lease.holder AND r.lease_until > clock_timestamp() - "
          + ReplicaLease.TAKEOVER_AFTER
          + ")";

  private final Database database;
  private final String replica;

  Leases(Database database, String replica) {
    this.database = database;
    this.replica = replica;
  }

  /**
   * Takes the lease, unless another live replica has it. The holder keeps it.
   *
   * @return whether this process holds it now
   * @throws dev.throng.core.ThrongException CATALOG_UNAVAILABLE
   */
  public boolean hold(String name) {
    return !database.isShared()
        || database.call(handle -> handle.execute(HOLD, name, replica)) == 1;
  }

  /**
   * Releases the lease. Has no effect when this process does not hold it.
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
