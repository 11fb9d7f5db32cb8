package dev.throng.bench.drill.cluster;

import dev.throng.bench.drill.cluster.Client.Streamed;
import dev.throng.bench.rig.Cluster;
import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Every replica is stopped and started with another build, one after the other, while clients ask
 * through the load balancer. Meanwhile, both builds share catalogue, store and Redis.
 */
public final class RollingUpdate {
  private static final int ASKING = 4;
  private static final int STREAMING = 2;
  private static final int REPEATED = 20;
  private static final int NEW = 1000;
  private static final long PAUSE_MILLIS = 50;
  private static final int SHOWN = 5;

  /**
   * The results.
   *
   * @param asked questions, most of them repeated ones, with the streams
   * @param failed those without an answer
   * @param streams of new questions
   * @param cut streams that had to be resumed
   */
  public record Result(int asked, int failed, int streams, int cut, List<String> problems) {
    public boolean isGood() {
      return failed == 0 && cut == 0;
    }
  }

  private final Cluster cluster;
  private final List<String> questions;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger cut = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

  private final Consumer<String> progress;

  private RollingUpdate(Cluster cluster, Consumer<String> progress) throws IOException {
    this.cluster = cluster;
    this.progress = progress;
    this.questions = Questions.texts(REPEATED + NEW);
  }

  /**
   * Starts a cluster of this checkout's build, and updates it.
   *
   * @param launcher the program `throng` of the other build
   * @param requests that have to be made; clients continue after the update until then
   * @param progress receives each step that has been done
   */
  public static Result run(Path launcher, int requests, Path documents, Consumer<String> progress)
      throws IOException, InterruptedException {
    progress.accept("starting a cluster");
    try (ClusterSite site = ClusterSite.start("weaviate", documents)) {
      site.awaitRedisUsed();
      return new RollingUpdate(site.cluster(), progress).update(launcher, requests);
    }
  }

  private Result update(Path launcher, int requests) throws IOException, InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < ASKING; i++) {
      clients.add(Thread.ofVirtual().start(this::ask));
    }
    for (int i = 0; i < STREAMING; i++) {
      clients.add(Thread.ofVirtual().start(this::stream));
    }
    try {
      awaitAsked(requests / (Cluster.REPLICAS + 1));
      for (int replica = 1; replica <= Cluster.REPLICAS; replica++) {
        cluster.stop("throng" + replica);
        report("stopped replica " + replica);
        cluster.up("throng" + replica, launcher);
        report("started replica " + replica);
      }
      awaitAsked(requests);
    } finally {
      isOver.set(true);
    }
    for (Thread client : clients) {
      client.join();
    }
    return new Result(
        asked.get(),
        problems.size(),
        streams.get(),
        cut.get(),
        problems.stream().limit(SHOWN).toList());
  }

  private void awaitAsked(int requests) throws InterruptedException {
    while (asked.get() < requests) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    report("clients ask");
  }

  private void report(String step) {
    progress.accept(
        "%s; %d requests, %d streams, %d failed"
            .formatted(step, asked.get(), streams.get(), problems.size()));
  }

  private void ask() {
    while (!isOver.get()) {
      String question = questions.get(Math.floorMod(next.getAndIncrement(), REPEATED));
      asked.incrementAndGet();
      try {
        var _ = Client.ask(cluster.url(), question);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (IOException | InterruptedException | RuntimeException e) {
        problems.add(e.toString());
      }
    }
  }

  private void stream() {
    while (!isOver.get()) {
      String question = questions.get(REPEATED + streams.getAndIncrement() % NEW);
      asked.incrementAndGet();
      try {
        Streamed streamed = Client.stream(cluster.url(), question);
        cut.addAndGet(streamed.resumed() > 0 ? 1 : 0);
        if (!streamed.isExact()) {
          problems.add("the pieces of a stream are not its answer: " + question);
        }
      } catch (IOException | InterruptedException | RuntimeException e) {
        problems.add("stream: " + e);
      }
    }
  }
}
