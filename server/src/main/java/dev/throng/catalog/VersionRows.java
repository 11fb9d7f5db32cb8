package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Reads and writes versions of documents as rows of the database, apart from their publication. */
final class VersionRows {
  /** Selects the versions of the collection of a tenant and a name, in that order. */
  private static final String OF_COLLECTION =
      "SELECT v.id FROM document_version v JOIN document d ON d.id = v.document_id"
          + " JOIN collection c ON c.id = d.collection_id WHERE c.tenant = ? AND c.name = ?";

  private VersionRows() {}

  /** Adds a version that is about to be written, and its document if that is new. */
  static long begin(
      Handle transaction,
      CollectionRef ref,
      DocumentSource source,
      String title,
      Hash contentHash,
      String writer) {
    String documentId = DocumentIds.of(ref, source.uri());
    transaction.execute(
        "INSERT INTO document (id, collection_id, uri)"
            + " SELECT ?, id, ? FROM collection WHERE tenant = ? AND name = ?"
            + " ON CONFLICT (id) DO NOTHING",
        documentId,
        source.uri(),
        ref.tenant(),
        ref.name());
    return transaction
        .createQuery(
            "INSERT INTO document_version"
                + " (document_id, title, content_hash, chunk_count, state, writer, metadata,"
                + " modified_at, blob, bytes, origin, name, source_hash)"
                + " VALUES (?, ?, ?, 0, 'writing', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")
        .bind(0, documentId)
        .bind(1, title)
        .bind(2, contentHash.hex())
        .bind(3, writer)
        .bind(4, MetadataJson.text(source.metadata()))
        .bind(5, Epochs.millis(source.modifiedAt()))
        .bind(6, source.blob().key())
        .bind(7, source.blob().bytes())
        .bind(8, source.origin().code())
        .bind(9, source.name())
        .bind(10, source.blob().content().hex())
        .mapTo(long.class)
        .one();
  }

  /** Returns every version of a collection, whatever its state. */
  static Set<Long> of(Handle handle, CollectionRef ref) {
    return new HashSet<>(
        handle
            .createQuery(OF_COLLECTION)
            .bind(0, ref.tenant())
            .bind(1, ref.name())
            .mapTo(long.class)
            .list());
  }

  /**
   * Returns versions that were being written when their writer died.
   *
   * @param writerIsGone a condition on a version's writer, with this process's id as its parameter
   */
  static Set<Long> abandoned(Handle handle, CollectionRef ref, String writerIsGone, String writer) {
    return new HashSet<>(
        handle
            .createQuery(OF_COLLECTION + " AND v.state = 'writing' AND " + writerIsGone)
            .bind(0, ref.tenant())
            .bind(1, ref.name())
            .bind(2, writer)
            .mapTo(long.class)
            .list());
  }

  /** Returns the original of a version; nothing when it is unknown. */
  static Original original(Handle handle, long version) {
    return handle
        .createQuery("SELECT name, blob, bytes, source_hash FROM document_version WHERE id = ?")
        .bind(0, version)
        .map((row, context) -> original(row))
        .findFirst()
        .orElse(new Original("", Blob.NONE));
  }

  private static Original original(ResultSet row) throws SQLException {
    String hash = row.getString("source_hash");
    Hash content = hash.isEmpty() ? Blob.NONE.content() : Hash.parse(hash);
    return new Original(
        row.getString("name"), new Blob(row.getString("blob"), row.getLong("bytes"), content));
  }
}
