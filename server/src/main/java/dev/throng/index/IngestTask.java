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
 * A document to be taken into a collection.
 *
 * @param file where its bytes are while it is taken in
 * @param hash from {@link Indexer#contentHash}
 * @param claim the job that ends when it is published; null when nobody waits for a job
 * @param progress told of every step and every batch of chunks; what it throws stops the work, and
 *     leaves nothing of it
 * @param warnings told what of the document was left out, if anything was
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
