package dev.throng.backend;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The lines of one response on their way from the HTTP client's threads to the reader. */
final class ResponseLines implements Flow.Subscriber<String>, AutoCloseable {
  /** Maximum number of lines read ahead from the socket. Further lines wait in the kernel. */
  private static final int LINES_AHEAD = 64;

  /** What happens to the response, in order. */
  sealed interface Event {}

  record Line(String text) implements Event {}

  record Failed(Throwable cause) implements Event {}

  record End() implements Event {}

  static final Event END = new End();

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable CompletableFuture<?> exchange;
  private volatile int status;
  private volatile Duration retryAfter = Duration.ZERO;
  private volatile boolean isClosed;

  /** Sets the exchange that {@link #close} cancels, or has cancelled before. */
  void exchange(CompletableFuture<?> current) {
    exchange = current;
    if (isClosed) {
      current.cancel(true);
    }
  }

  /** Records the head of the response. */
  void responded(int statusCode, Duration serverRetryAfter) {
    retryAfter = serverRetryAfter;
    status = statusCode;
  }

  /** Returns the status, or 0 before the head of the response. */
  int status() {
    return status;
  }

  /** Returns how long the server asked to be left alone; zero when it did not say. */
  Duration retryAfter() {
    return retryAfter;
  }

  /** Returns whether an established connection broke before any response. */
  boolean isUnanswered(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return status == 0
        && !isClosed
        && cause instanceof IOException
        && !(cause instanceof ConnectException)
        && !(cause instanceof HttpTimeoutException);
  }

  /** Waits for the next event; null when none comes in time. */
  @Nullable Event poll(long nanos) throws InterruptedException {
    return events.poll(nanos, TimeUnit.NANOSECONDS);
  }

  void add(Event event) {
    events.add(event);
  }

  /** Lets the client read one more line. */
  void requestOne() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.request(1);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(LINES_AHEAD);
  }

  @Override
  public void onNext(String line) {
    add(new Line(line)); // never full: at most LINES_AHEAD were requested
  }

  @Override
  public void onError(Throwable failure) {
    add(new Failed(failure));
  }

  @Override
  public void onComplete() {
    add(END);
  }

  /** Cancels the exchange, which closes the connection when the response has not ended. */
  @Override
  public void close() {
    isClosed = true;
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    CompletableFuture<?> sent = exchange;
    if (sent != null) {
      sent.cancel(true);
    }
  }
}
