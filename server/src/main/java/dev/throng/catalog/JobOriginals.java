package dev.throng.catalog;

import java.util.HashSet;
import java.util.Set;

/** The originals of documents, by their keys in the {@link BlobStore}, that jobs refer to. */
public final class JobOriginals {
  private final Database database;

  JobOriginals(Database database) {
    this.database = database;
  }

  /**
   * Returns originals of documents whose jobs are done and that no longer need them, or that are
   * gone.
   */
  public Set<String> spent() {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT blob FROM job WHERE state = 'done' AND blob <> '' AND NOT EXISTS"
                    + " (SELECT 1 FROM document_version v WHERE v.blob = job.blob)"
                    + " EXCEPT SELECT blob FROM job WHERE state <> 'done' AND blob <> ''")
            .mapTo(String.class)
            .collectIntoSet());
  }

  /** Records that originals were deleted. */
  public void forget(Set<String> keys) {
    database.call(handle -> {
      var forget =
          handle.prepareBatch("UPDATE job SET blob = '' WHERE state = 'done' AND blob = ?");
      keys.forEach(key -> forget.bind(0, key).add());
      return keys.isEmpty() ? new int[0] : forget.execute();
    });
  }

  /**
   * Returns those of {@code keys} that are not needed by any version of a document or any job that
   * could run.
   */
  public Set<String> unneeded(Set<String> keys) {
    return database.call(handle -> {
      Set<String> unneeded = new HashSet<>(keys);
      handle
          .createQuery(
              "SELECT blob FROM document_version WHERE blob <> '' UNION"
                  + " SELECT blob FROM job WHERE blob <> '' AND state <> 'done'")
          .mapTo(String.class)
          .forEach(unneeded::remove);
      return unneeded;
    });
  }
}
