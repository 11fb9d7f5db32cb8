package dev.throng.index;

import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.JobProgress;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A document to be ingested into a collection.
 *
 * @param file the location of its bytes while it is ingested
 * @param hash from {@link Indexer#contentHash}
 * @param claim the job that ends when it is published; null when there is no job
 * @param progress receives every step and every batch of chunks; an exception of it stops the work,
 *     which then leaves nothing behind
 * @param warnings receives a text about omitted parts of the document, if any
 */
public record IngestTask(
    CollectionRef ref,
    DocumentSource source,
    Path file,
    Hash hash,
    @Nullable JobClaim claim,
    Consumer<JobProgress> progress,
    Consumer<String> warnings) {
  String uri() {
    return source.uri();
  }
}
