package dev.throng.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.retrieval.Retrieved.Relevance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class SearchThreadsTest {
  private static final Deadline DEADLINE = Deadline.after(Ticker.system(), Duration.ofMinutes(1));

  private final SearchThreads threads = new SearchThreads(1);

  @AfterEach
  void close() {
    threads.close();
  }

  private static Retrieved found(RetrievalTimings timings) {
    return new Retrieved(1, true, List.of(), new Relevance(0, 0), timings);
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a search that takes some time, and returns the thread that it ran on. */
  private Thread search(long millis, long embedMillis) {
    Thread[] used = new Thread[1];
    RetrievalTimings timings =
        new RetrievalTimings(TimeUnit.MILLISECONDS.toNanos(embedMillis), 0, 0, 0, 0);
    threads.run(
        DEADLINE,
        () -> {
          used[0] = Thread.currentThread();
          if (millis > 0) {
            pause(millis);
          }
          return found(timings);
        });
    return used[0];
  }

  private boolean staysHere(Thread used) {
    return used.equals(Thread.currentThread());
  }

  private void becomeShort() {
    Await.until("short searches stay on their caller's thread", () -> staysHere(search(0, 0)));
  }

  @Test
  void searchesRunOnPlatformThreadsUntilTheyAreKnownToBeShort() {
    assertTrue(search(0, 0).getName().startsWith("search-"));
    becomeShort();
  }

  @Test
  void longSearchesLeaveTheirCallersThread() {
    becomeShort();
    Await.until("long searches leave", () -> !staysHere(search(5, 0)));
    assertEquals("search-0", search(0, 0).getName());
    becomeShort();
  }

  @Test
  void singleInterruptedSearchChangesNothing() {
    becomeShort();
    for (int i = 0; i < 20; i++) {
      search(0, 0);
    }
    assertTrue(staysHere(search(20, 0)));
    assertTrue(staysHere(search(0, 0)));
  }

  @Test
  void waitingForAnEmbeddingDoesNotMakeASearchLong() {
    becomeShort();
    search(50, 1_000);
    assertTrue(staysHere(search(0, 0)));
  }
}
