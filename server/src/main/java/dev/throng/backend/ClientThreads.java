package dev.throng.backend;

import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** On which threads an HTTP client of backends does its work. */
final class ClientThreads {
  private static final Logger log = LoggerFactory.getLogger(ClientThreads.class);

  /** A virtual thread for each task. */
  static final Executor VIRTUAL =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("backend-http-", 0).factory());

  private ClientThreads() {}

  /**
   * Returns the threads of the client for a URL. Another thread for each part of a response costs
   * more than all else that is done with it, so the client's own thread does everything; but not
   * with TLS, whose handshakes would delay all streams of the backend.
   */
  static Executor of(URI url) {
    return "https".equalsIgnoreCase(url.getScheme()) ? VIRTUAL : ClientThreads::runHere;
  }

  private static void runHere(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("a task of the HTTP client failed", e); // which would close the client for good
    }
  }
}
