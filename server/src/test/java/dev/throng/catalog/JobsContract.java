package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract of every job queue and of the store for originals, wherever they are kept. */
public abstract class JobsContract extends OpenedCatalog {
  private static final CollectionRef REF = new CollectionRef("a", "handbook");
  private static final Quota NO_QUOTA = Quota.NONE;
  private static final int MANY = 1_000;

  private int ids;

  protected JobsContract() {
    super(REF);
  }

  /** The store for originals. */
  protected abstract BlobStore blobs();

  private Jobs jobs() {
    return catalog().jobs();
  }

  private static DocumentSource source(String uri, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    Blob blob = new Blob("blob-of-" + uri, bytes.length, Hash.of(bytes));
    return new DocumentSource(uri, uri, null, Metadata.NONE, Instant.ofEpochMilli(5), blob);
  }

  private NewJob newJob(CollectionRef ref, String uri) {
    return new NewJob("job" + ++ids, JobSpec.Document.sent(ref, source(uri, "text of " + uri)));
  }

  private Job enqueue(CollectionRef ref, String uri) {
    return jobs().enqueue(ref, List.of(newJob(ref, uri)), null, NO_QUOTA, MANY).getFirst();
  }

  private Job enqueue(String uri) {
    return enqueue(REF, uri);
  }

  private ClaimedJob claim() {
    return jobs().claims().claimNext("").orElseThrow();
  }

  private Job find(Job job) {
    return jobs().find(job.collection().tenant(), job.id()).orElseThrow();
  }

  private static JobSpec.Document document(Job job) {
    return (JobSpec.Document) job.spec();
  }

  private LiveDocument written(Job job) {
    DocumentSource source = document(job).source();
    Hash hash = source.blob().content();
    long version = catalog().beginVersion(REF, source, "title", hash);
    return new LiveDocument(
        document(job).documentId(), source.uri(), "title", hash, version, 3, Metadata.NONE, null);
  }

  private CollectionState publish(LiveDocument document, JobClaim claim) {
    return catalog()
        .publish(
            REF,
            new Publication(
                Publication.ANY_INDEX,
                List.of(document),
                Set.of(),
                Set.of(),
                Map.of(document.version(), claim)));
  }

  @Test
  void jobIsReadBackUnchangedAndEndsWithItsPublish() {
    Job job = enqueue("a.md");
    assertEquals(source("a.md", "text of a.md"), document(job).source());
    assertEquals(JobState.QUEUED, job.state());
    ClaimedJob claimed = claim();
    assertEquals(job.id(), claimed.job().id());
    assertTrue(jobs().claims().claimNext("").isEmpty());
    assertTrue(jobs().claims().note(claimed.claim(), new JobProgress(JobState.EMBEDDING, 2, 1, 3)));
    assertEquals(new JobProgress(JobState.EMBEDDING, 2, 1, 3), find(job).progress());
    LiveDocument document = written(job);
    CollectionState state = publish(document, claimed.claim());
    assertTrue(state.isLive(document.version()));
    assertEquals(JobState.DONE, find(job).state());
    CollectionState again = publish(document, claimed.claim());
    assertTrue(again.isLive(document.version()), "a repeated publish counts once");
    assertEquals(
        new Blob("blob-of-a.md", 12, document.contentHash()),
        catalog().originalOf(document).blob());
  }

  @Test
  void publicationUnderALostClaimIsLeftOut() {
    Job cancelled = enqueue("a.md");
    JobClaim lost = claim().claim();
    LiveDocument document = written(cancelled);
    assertEquals(JobState.CANCELLED, jobs().cancel("a", cancelled.id()).orElseThrow().state());
    long epoch = catalog().state(REF).epoch();
    assertFalse(publish(document, lost).isLive(document.version()));
    assertEquals(epoch, catalog().state(REF).epoch(), "nothing was published");
    assertFalse(jobs().claims().note(lost, JobProgress.of(JobState.EMBEDDING)));
  }

  @Test
  void jobsOfOneDocumentRunInTheirOrder() {
    Job first = enqueue("a.md");
    Job second = enqueue("a.md");
    Job other = enqueue("b.md");
    JobClaim claim = claim().claim();
    assertEquals(other.id(), claim().job().id(), "the second waits for the first");
    jobs()
        .claims()
        .fail(claim, JobProgress.of(JobState.PARSING), ErrorCode.DOCUMENT_EMPTY, "no text");
    assertEquals(JobState.FAILED, find(first).state());
    assertEquals("document_empty", find(first).code());
    assertEquals(second.id(), claim().job().id());
  }

  @Test
  void tenantsTakeTurns() {
    CollectionRef small = new CollectionRef("b", "handbook");
    catalog().create(small, SPEC);
    for (int i = 0; i < 5; i++) {
      enqueue("doc" + i);
    }
    enqueue(small, "only");
    List<String> tenants = new ArrayList<>();
    String last = "";
    for (int i = 0; i < 4; i++) {
      last = jobs().claims().claimNext(last).orElseThrow().job().collection().tenant();
      tenants.add(last);
    }
    assertEquals(List.of("a", "b", "a", "a"), tenants);
  }

  @Test
  void jobOfADeadProcessIsRequeuedAndItsOldClaimIsInvalid() {
    Job job = enqueue("a.md");
    ClaimedJob before = claim();
    assertFalse(before.isSuspect());
    LiveDocument document = written(job);
    assertEquals(0, jobs().claims().requeueOrphaned(), "a live process keeps its own jobs");
    reopen();
    assertEquals(1, jobs().claims().requeueOrphaned());
    ClaimedJob after = claim();
    assertTrue(after.isSuspect());
    assertFalse(publish(document, before.claim()).isLive(document.version()));
    assertEquals(JobState.PARSING, find(job).state());
  }

  @Test
  void documentThatKillsEveryProcessByItselfIsAbandoned() {
    Job job = enqueue("poison.pdf");
    for (int death = 0; death <= JobClaims.MAX_DEATHS; death++) { // another may cause the first one
      JobClaim claim = claim().claim();
      jobs().claims().note(claim, JobProgress.of(JobState.EMBEDDING));
      reopen();
      jobs().claims().requeueOrphaned();
    }
    assertEquals(JobState.FAILED, find(job).state());
    assertEquals("document_given_up", find(job).code());
    assertTrue(jobs().claims().claimNext("").isEmpty());
    assertEquals(JobState.QUEUED, jobs().retry("a", job.id()).orElseThrow().state());
  }

  @Test
  void deathsWhileTheParserWorksAreNotTheDocumentsFault() {
    Job job = enqueue("slow.pdf");
    for (int death = 0; death <= 2 * JobClaims.MAX_DEATHS; death++) {
      assertEquals(job.id(), claim().job().id());
      reopen();
      jobs().claims().requeueOrphaned();
    }
    assertEquals(0, find(job).tries());
  }

  @Test
  void waitingJobUsesNoAttempt() {
    Job job = enqueue("a.md");
    jobs().claims().retryLater(claim().claim(), ErrorCode.STORE_UNAVAILABLE, "away", now, false);
    assertEquals(0, find(job).tries());
    assertEquals("store_unavailable", find(job).code());
    jobs().claims().retryLater(claim().claim(), ErrorCode.INTERNAL, "odd", now.plusMillis(1), true);
    assertEquals(1, find(job).tries());
    assertTrue(jobs().claims().claimNext("").isEmpty(), "not before its time");
    now = now.plusMillis(1);
    claim();
    jobs().claims().releaseAll();
    assertEquals(JobState.QUEUED, find(job).state());
  }

  @Test
  void waitingJobYieldsToOthersAndIsNotDelayedByAClockChange() {
    Job first = enqueue("a.md");
    Job second = enqueue("b.md");
    JobClaim claim = claim().claim();
    jobs().claims().retryLater(claim, ErrorCode.STORE_FAILED, "broken", now.plusSeconds(5), false);
    assertEquals(second.id(), claim().job().id());
    assertTrue(jobs().claims().claimNext("").isEmpty());
    now = now.plusSeconds(5);
    ClaimedJob again = claim();
    assertEquals(first.id(), again.job().id());
    jobs()
        .claims()
        .retryLater(again.claim(), ErrorCode.STORE_FAILED, "", now.plusSeconds(9_999), false);
    assertEquals(first.id(), claim().job().id(), "the clock was set back in the meantime");
  }

  @Test
  void sameIdempotencyKeyGivesTheSameJobs() {
    NewJob job = newJob(REF, "a.md");
    IdempotencyKey key = new IdempotencyKey("k", Hash.of(new byte[1]));
    Job first = jobs().enqueue(REF, List.of(job), key, NO_QUOTA, MANY).getFirst();
    Job again = jobs().enqueue(REF, List.of(newJob(REF, "a.md")), key, NO_QUOTA, MANY).getFirst();
    assertEquals(first.id(), again.id());
    IdempotencyKey other = new IdempotencyKey("k", Hash.of(new byte[2]));
    assertFails(
        ErrorCode.IDEMPOTENCY_CONFLICT,
        () -> jobs().enqueue(REF, List.of(newJob(REF, "a.md")), other, NO_QUOTA, MANY),
        "\"k\"");
  }

  @Test
  void quotasAndTheQueueLimitAreEnforced() {
    List<NewJob> two = List.of(newJob(REF, "a.md"), newJob(REF, "b.md"));
    assertFails(
        ErrorCode.QUEUE_FULL, () -> jobs().enqueue(REF, two, null, NO_QUOTA, 1), "at most 1");
    assertFails(
        ErrorCode.QUOTA_EXCEEDED,
        () -> jobs().enqueue(REF, two, null, new Quota(1, 0, 0), MANY),
        "ingest.quota_documents: 2");
    assertFails(
        ErrorCode.QUOTA_EXCEEDED,
        () -> jobs().enqueue(REF, two, null, new Quota(0, 23, 0), MANY),
        "ingest.quota_bytes: 24");
    jobs().enqueue(REF, two, null, new Quota(2, 24, 3), MANY);
    Quota full = new Quota(2, 0, 0);
    jobs().enqueue(REF, List.of(newJob(REF, "a.md")), null, full, MANY); // replaces one
    assertFails(
        ErrorCode.QUOTA_EXCEEDED,
        () -> jobs().enqueue(REF, List.of(newJob(REF, "c.md")), null, full, MANY),
        "3 with this request");
  }

  @Test
  void listsCoverOneTenantNewestFirst() {
    Job first = enqueue("a.md");
    Job second = enqueue("b.md");
    Job third = enqueue("c.md");
    jobs().cancelOf(document(second).documentId());
    JobQuery all = new JobQuery("", Set.of(), "", Long.MAX_VALUE, 2);
    assertEquals(List.of(third.id(), second.id()), idsOf(jobs().list("a", all)));
    JobQuery rest = new JobQuery("handbook", Set.of(), "", second.number(), 2);
    assertEquals(List.of(first.id()), idsOf(jobs().list("a", rest)));
    JobQuery open = new JobQuery("", JobState.OPEN, "", Long.MAX_VALUE, MANY);
    assertEquals(List.of(third.id(), first.id()), idsOf(jobs().list("a", open)));
    assertEquals(List.of(), jobs().list("b", all));
    assertTrue(jobs().find("b", first.id()).isEmpty());
    assertTrue(jobs().cancel("b", first.id()).isEmpty());
    assertEquals(2, jobs().open().count());
  }

  private static List<String> idsOf(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  @Test
  void endedJobsAreForgottenAfterTheirRetention() {
    Job ended = enqueue("a.md");
    Job open = enqueue("b.md");
    jobs().cancel("a", ended.id());
    assertEquals(0, jobs().forgetBefore(now));
    assertEquals(1, jobs().forgetBefore(now.plusMillis(1)));
    assertTrue(jobs().find("a", ended.id()).isEmpty());
    assertTrue(jobs().find("a", open.id()).isPresent());
  }

  @Test
  void originalsAreKeptOnlyForOpenJobsAndVersions() {
    Job job = enqueue("a.md");
    Set<String> keys = Set.of("blob-of-a.md", "stray");
    assertEquals(Set.of("stray"), jobs().originals().unneeded(keys));
    LiveDocument document = written(job);
    publish(document, claim().claim());
    assertEquals(Set.of("stray"), jobs().originals().unneeded(keys));
    assertEquals(Set.of(), jobs().originals().spent());
    catalog()
        .publish(REF, new Publication(List.of(), Set.of(document(job).documentId()), Set.of()));
    catalog().publish(REF, Publication.ofPurged(Set.of(document.version())));
    assertEquals(Set.of("blob-of-a.md"), jobs().originals().spent());
    jobs().originals().forget(Set.of("blob-of-a.md"));
    assertEquals(Set.of(), jobs().originals().spent());
  }

  @Test
  void documentsWithLostChunksAreIngestedAgainFromTheirOriginals() {
    Job sent = enqueue("a.md");
    LiveDocument original = written(sent);
    publish(original, claim().claim());
    LiveDocument none = publishedWithoutOriginal("b.md");
    LiveDocument old = publishedWithoutOriginal("c.md");
    Job newer = enqueue("c.md");
    Set<Long> lost = Set.of(original.version(), none.version(), old.version(), 999L);
    long epoch = catalog().state(REF).epoch();
    assertEquals(new LostDocuments(1, List.of("b.md")), catalog().requeueLost(REF, lost));
    assertEquals(Set.of(), catalog().state(REF).byUri().keySet());
    assertTrue(catalog().state(REF).epoch() > epoch);
    List<Job> open = jobs().list("a", new JobQuery("handbook", JobState.OPEN, "", 99, 9));
    assertEquals(2, open.size());
    JobSpec.Document again = document(open.getFirst());
    assertTrue(again.isRestored());
    assertEquals(document(sent).source().blob(), again.source().blob());
    assertEquals("title", again.source().title());
    assertEquals(newer.id(), open.getLast().id());
    assertEquals(
        new LostDocuments(0, List.of()), catalog().requeueLost(REF, lost), "already queued");
  }

  private LiveDocument publishedWithoutOriginal(String uri) {
    DocumentSource source = source(uri, "text of " + uri).withoutOriginal();
    Hash hash = source.blob().content();
    long version = catalog().beginVersion(REF, source, "title", hash);
    String id = DocumentIds.of(REF, uri);
    LiveDocument document =
        new LiveDocument(id, uri, "title", hash, version, 3, Metadata.NONE, null);
    catalog().publish(REF, new Publication(List.of(document), Set.of(), Set.of()));
    return document;
  }

  @Test
  void blobsAreStoredUnchanged() throws IOException {
    byte[] content = new byte[300_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ((i * 31) >> 3);
    }
    Blob blob = blobs().put("a.bin", new ByteArrayInputStream(content), content.length);
    assertEquals(Hash.of(content), blob.content());
    assertEquals(content.length, blob.bytes());
    try (BlobStore.LocalFile file = blobs().local(blob.key())) {
      assertEquals(blob.content(), Hash.of(Files.readAllBytes(file.path())));
    }
    assertFails(
        ErrorCode.DOCUMENT_TOO_LARGE,
        () -> blobs().put("b.bin", new ByteArrayInputStream(content), content.length - 1),
        "b.bin");
    assertTrue(blobs().keysBefore(Instant.now().plusSeconds(9)).contains(blob.key()));
    assertEquals(Set.of(), blobs().keysBefore(Instant.EPOCH));
    blobs().delete(List.of(blob.key(), "never was"));
    assertEquals(Set.of(), blobs().keysBefore(Instant.now().plusSeconds(9)));
    blobs().put("c.bin", new ByteArrayInputStream(content), content.length);
    assertFails(ErrorCode.ORIGINAL_MISSING, () -> blobs().local(blob.key()), blob.key());
  }
}
