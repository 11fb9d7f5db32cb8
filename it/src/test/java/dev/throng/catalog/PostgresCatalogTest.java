package dev.throng.catalog;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.fixtures.Await;
import dev.throng.it.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One catalogue shared by several replicas, on a real PostgreSQL that also freezes and loses data.
 */
@Timeout(180)
final class PostgresCatalogTest extends CatalogContract {

  @RegisterExtension
  private static final Started<PostgresServer> postgres = Started.by(PostgresServer::new);

  @Override
  protected void clear() {
    postgres.get().clear();
  }

  @Override
  protected Catalog openCatalog() {
    return postgres.get().openCatalog(() -> now);
  }

  private static Publication of(LiveDocument... documents) {
    return new Publication(List.of(documents), Set.of(), Set.of());
  }

  @Test
  void publishReturnsOnceTheOtherReplicaKnowsOfIt() {
    try (Catalog other = openCatalog()) {
      for (int i = 0; i < 20; i++) {
        LiveDocument document = begin(REF, "doc" + i % 3);
        CollectionState published = catalog().publish(REF, of(document));
        assertEquals(published, other.state(REF));
      }
      LiveDocument last = catalog().state(REF).documentAt("doc1").orElseThrow();
      catalog().publish(REF, new Publication(List.of(), Set.of(last.id()), Set.of()));
      catalog().publish(REF, Publication.ofPurged(catalog().state(REF).deadVersions()));
      assertEquals(catalog().state(REF), other.state(REF));
      assertEquals(Set.of(), other.state(REF).deadVersions());
    }
  }

  @Test
  void leaseIsHeldByOneReplicaUntilItStops() {
    Catalog other = openCatalog();
    try (other) {
      assertTrue(other.leases().hold("watch"));
      assertFalse(catalog().leases().hold("watch"));
      catalog().leases().release("watch");
      assertFalse(catalog().leases().hold("watch"), "only the holder can release it");
    }
    assertTrue(catalog().leases().hold("watch"));
  }

  @Test
  void leaseOfASilentReplicaIsTakenOverAndItLearnsOfIt() {
    String dead = "INSERT INTO lease (name, holder) VALUES ('watch', 'dead')";
    String seen =
        "INSERT INTO replica (id, lease_until, refreshed_at, traits)"
            + " VALUES ('dead', clock_timestamp() - interval '3 seconds', clock_timestamp(), '')";
    postgres.get().direct().useHandle(handle -> handle.execute(dead));
    postgres.get().direct().useHandle(handle -> handle.execute(seen));
    assertFalse(catalog().leases().hold("watch"), "it may only be slow");
    Await.until("the lease is taken over", () -> catalog().leases().hold("watch"));
    try (Catalog other = openCatalog()) {
      assertFalse(other.leases().hold("watch"));
    }
  }

  @Test
  void invalidationReturnsOnceTheOtherReplicaKnowsOfIt() {
    try (Catalog other = openCatalog()) {
      for (int i = 0; i < 10; i++) {
        Hash question = new Hash.Builder().add(i).build();
        CollectionState invalidated =
            catalog().invalidation().of(new InvalidationTarget.Question(REF, question)).getFirst();
        assertEquals(invalidated, other.state(REF));
      }
      catalog().invalidation().of(new InvalidationTarget.All());
      assertEquals(catalog().state(REF), other.state(REF));
    }
  }

  @Test
  void concurrentPublishesOfReplicasLoseNothing() {
    try (Catalog other = openCatalog();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CollectionState>> pending = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        LiveDocument document = begin(REF, "doc" + i);
        Catalog publisher = i % 2 == 0 ? catalog() : other;
        pending.add(threads.submit(() -> publisher.publish(REF, of(document))));
      }
      Set<Long> epochs = new HashSet<>();
      pending.forEach(publish -> epochs.add(Await.result(publish).epoch()));
      assertEquals(20, epochs.size(), "every epoch is unique");
      assertEquals(20, catalog().state(REF).byUri().size());
      assertEquals(catalog().state(REF), other.state(REF));
    }
  }

  @Test
  void manyCallersShareFewConnections() {
    try (Catalog narrow =
            Catalog.openPostgres(
                postgres.get().config("catalog.max_connections", "2"), "narrow", () -> now);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Set<Long>>> pending = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        pending.add(threads.submit(() -> narrow.abandonedVersions(REF)));
      }
      pending.forEach(call -> assertEquals(Set.of(), Await.result(call)));
    }
  }

  @Test
  void frozenDatabaseEndsCurrentReadsAndRecoveryIsAutomatic() throws Exception {
    publish("a.md");
    CollectionState before = catalog().state(REF);
    postgres.get().freeze();
    try {
      // A replica's knowledge ends with its lease; after that it serves no outdated state.
      Await.until("the lease has run out", () -> failsToKnow(catalog()));
      long start = System.nanoTime();
      assertFails(ErrorCode.CATALOG_UNAVAILABLE, () -> catalog().state(REF), "the current state");
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(4).toNanos(), "bounded");
      assertFails(ErrorCode.CATALOG_UNAVAILABLE, () -> begin(REF, "b.md"));
    } finally {
      postgres.get().thaw();
    }
    Await.until("it recovers", () -> !failsToKnow(catalog()));
    assertEquals(before, catalog().state(REF));
    publish("b.md");
  }

  private static boolean failsToKnow(Catalog catalog) {
    try {
      return catalog.state(REF).epoch() < 0;
    } catch (dev.throng.core.ThrongException e) {
      return true;
    }
  }

  @Test
  void deadReplicaDelaysAPublishOnlyForItsLease() {
    LiveDocument document = begin(REF, "a.md");
    postgres
        .get()
        .direct()
        .useHandle(handle ->
            handle.execute(
                "INSERT INTO replica VALUES ('dead', now() + interval '500 ms', now())"));
    long start = System.nanoTime();
    catalog().publish(REF, of(document));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(waited.toMillis() >= 300 && waited.toMillis() < 3_000, waited::toString);
  }

  @Test
  void versionsOfALiveReplicaAreNotAbandoned() throws Exception {
    Callable<LiveDocument> writing = () -> begin(REF, "half.md");
    LiveDocument started = writing.call();
    try (Catalog other = openCatalog()) {
      assertEquals(Set.of(), other.abandonedVersions(REF));
      catalog().close(); // it has left, so the version will not be finished
      assertEquals(Set.of(started.version()), other.abandonedVersions(REF));
    }
    reopen();
  }

  @Test
  void epochLostByTheDatabaseIsNeverReused() {
    publish("a.md");
    CollectionState lost = publishedAgain();
    postgres
        .get()
        .direct()
        .useHandle(handle -> { // a lagging standby took over
          handle.execute("UPDATE document_version SET state = 'dead' WHERE state = 'live'");
          handle.execute("UPDATE collection SET epoch = 1");
        });
    Await.until("the loss is noticed", () -> catalog().state(REF).epoch() > lost.epoch());
    assertFalse(catalog().state(REF).documentAt("a.md").isPresent());
    publish("c.md");
    assertTrue(catalog().state(REF).epoch() > lost.epoch() + 1);
  }

  private CollectionState publishedAgain() {
    publish("a.md");
    publish("b.md");
    return catalog().state(REF);
  }

  @Test
  void unreachableDatabaseIsReportedWithItsAddress() {
    assertFails(
        ErrorCode.CATALOG_UNAVAILABLE,
        () ->
            Catalog.openPostgres(
                postgres.get().config("catalog.url", "jdbc:postgresql://127.0.0.1:1/x?password=p"),
                "r",
                () -> now),
        "jdbc:postgresql://127.0.0.1:1/x");
  }
}
