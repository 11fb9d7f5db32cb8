package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import java.nio.file.Path;

/** What a job does. */
public sealed interface JobSpec {
  /**
   * Ingests a document that a client sent.
   *
   * @param isRestored whether its chunks were published before and then lost. Such a job runs after
   *     jobs for newer versions of the document, and does nothing when one of them was published
   */
  record Document(String documentId, DocumentSource source, boolean isRestored) implements JobSpec {
    public static final String KIND = "document";

    /** Returns the job of a document that a client has just sent. */
    public static Document sent(CollectionRef ref, DocumentSource source) {
      return new Document(DocumentIds.of(ref, source.uri()), source, false);
    }
  }

  /** Ingests what is new or changed in a folder of the server. */
  record Sync(Path folder) implements JobSpec {
    public static final String KIND = "sync";
  }

  /** Like {@link Sync}, and removes documents of the collection that are not in the folder. */
  record Mirror(Path folder) implements JobSpec {
    public static final String KIND = "mirror";
  }

  /** Builds another index of the collection. */
  record Reindex(long indexNumber) implements JobSpec {
    public static final String KIND = "reindex";

    /** Returns the {@link JobSpec#subject} of every reindex of a collection. */
    public static String subjectOf(CollectionRef ref) {
      return DocumentIds.of(ref, "");
    }
  }

  /** Returns the name of its kind, for clients, for metrics and in the database. */
  default String kind() {
    return switch (this) {
      case Document _ -> Document.KIND;
      case Sync _ -> Sync.KIND;
      case Mirror _ -> Mirror.KIND;
      case Reindex _ -> Reindex.KIND;
    };
  }

  /**
   * Returns the id of what a job in this collection works on. Jobs with the same subject run one
   * after another.
   *
   * @return "" for a folder, whose job waits for no other
   */
  default String subject(CollectionRef ref) {
    return switch (this) {
      case Document document -> document.documentId();
      case Sync _, Mirror _ -> "";
      case Reindex _ -> Reindex.subjectOf(ref);
    };
  }
}
