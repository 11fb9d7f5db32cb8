package dev.throng.bench.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a load test puts under load. */
public interface LoadSite extends AutoCloseable {
  /** Where users ask. */
  URI url();

  /** The servers that answer them, whose metrics are read. */
  List<URI> servers();

  /** Returns how many documents were edited so far. */
  default int edits() {
    return 0;
  }

  /**
   * Kills a process that the answers need, and starts it again a while later.
   *
   * @param number how many were killed before
   */
  default void kill(int number, Duration down) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("nothing of " + url() + " can be killed from here");
  }

  /** Returns whether {@link #kill} kills something. */
  default boolean canKill() {
    return false;
  }

  /** Returns the sizes of what the servers share, in MiB, by name. */
  default Map<String, Double> sharedMib() {
    return Map.of();
  }

  @Override
  default void close() {}

  /**
   * Starts a single server with three simulated Ollamas, and waits until it answers.
   *
   * @param editInterval between two edits of documents
   */
  static LoadSite start(Duration editInterval) throws IOException, InterruptedException {
    return SingleServer.start(editInterval);
  }

  /** A server, or a load balancer, that was started by others. */
  static LoadSite at(URI url) {
    return new LoadSite() {
      @Override
      public URI url() {
        return url;
      }

      @Override
      public List<URI> servers() {
        return List.of(url);
      }
    };
  }
}
