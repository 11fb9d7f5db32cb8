package dev.throng.backend.ollama;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HTTP to one Ollama server: pooled connections, and every failure classified. */
final class OllamaHttp implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;

  /** Lines taken from the socket before anyone read them; the rest waits in the kernel. */
  private static final int LINES_AHEAD = 64;

  /** What a server gets to notice that a connection broke, before the call comes again. */
  private static final Duration REPEAT_PAUSE = Duration.ofMillis(30);

  /** From the last line of an answer to the end of the response. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(1);

  private final URI url;
  private final HttpClient client;

  OllamaHttp(URI url, Duration connectTimeout) {
    this.url = url;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("ollama-http-", 0).factory()))
            .build();
  }

  URI url() {
    return url;
  }

  JsonNode get(String path, Duration timeout) {
    return exchange(request(path, timeout).GET().build());
  }

  JsonNode post(String path, JsonNode body, Duration timeout) {
    return exchange(request(path, timeout).POST(BodyPublishers.ofString(body.toString())).build());
  }

  /**
   * Starts a request whose answer is a stream of JSON lines.
   *
   * @param firstLineTimeout from now to the first line
   * @param betweenLinesTimeout from one line to the next
   */
  Stream stream(
      String path, JsonNode body, Duration firstLineTimeout, Duration betweenLinesTimeout) {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    Lines lines = new Lines();
    send(request, lines, true);
    return new Stream(lines, firstLineTimeout, betweenLinesTimeout);
  }

  /**
   * A kept connection may have died while nobody used it, because the server was started anew: that
   * shows only when something is sent. Such a call is sent again, once, on a new connection.
   */
  private void send(HttpRequest request, Lines lines, boolean mayRepeat) {
    CompletableFuture<HttpResponse<Lines>> exchange =
        client.sendAsync(
            request,
            response -> {
              lines.status = response.statusCode();
              return BodySubscribers.fromLineSubscriber(
                  lines, same -> same, StandardCharsets.UTF_8, null);
            });
    lines.exchange = exchange;
    var _ =
        exchange.whenComplete((response, failure) -> {
          if (failure != null && mayRepeat && lines.isUnanswered(failure)) {
            var _ =
                CompletableFuture.runAsync(
                    () -> send(request, lines, false),
                    CompletableFuture.delayedExecutor(
                        REPEAT_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
          } else {
            lines.add(failure == null ? Lines.END : new Failed(failure));
          }
        });
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(timeout)
        .header("Content-Type", "application/json");
  }

  private JsonNode exchange(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      JsonNode body = parse(response.body());
      if (response.statusCode() != OK && !body.hasNonNull("error")) {
        throw new ThrongException(
            ErrorCode.BACKEND_ERROR,
            "%s answered %d to %s".formatted(url, response.statusCode(), request.uri().getPath()));
      }
      return body;
    } catch (IOException e) {
      throw classify(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while asking " + url, e);
    }
  }

  private JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      String shown = line.length() > 80 ? line.substring(0, 80) + "..." : line;
      throw new ThrongException(
          ErrorCode.BACKEND_PROTOCOL, "%s sent no JSON: %s".formatted(url, shown), e);
    }
  }

  private ThrongException classify(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    boolean isUnreachable =
        failure instanceof ConnectException
            || failure instanceof HttpConnectTimeoutException
            || cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException;
    ErrorCode code =
        isUnreachable
            ? ErrorCode.BACKEND_UNREACHABLE
            : failure instanceof HttpTimeoutException
                ? ErrorCode.BACKEND_TIMEOUT
                : ErrorCode.BACKEND_PROTOCOL;
    return new ThrongException(code, "%s: %s".formatted(url, cause), failure);
  }

  private sealed interface Event {}

  private record Line(String text) implements Event {}

  private record Failed(Throwable cause) implements Event {}

  private record End() implements Event {}

  /** The lines of one answer on their way from the client's threads to the reader. */
  private static final class Lines implements Flow.Subscriber<String> {
    private static final Event END = new End();

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile @Nullable CompletableFuture<?> exchange;
    private volatile int status;
    private volatile boolean isClosed;

    /** Whether the connection was there and broke before any answer. */
    private boolean isUnanswered(Throwable failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return status == 0
          && !isClosed
          && cause instanceof IOException
          && !(cause instanceof ConnectException)
          && !(cause instanceof HttpTimeoutException);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(LINES_AHEAD);
    }

    @Override
    public void onNext(String line) {
      add(new Line(line)); // never full: no more was asked for than LINES_AHEAD
    }

    @Override
    public void onError(Throwable failure) {
      add(new Failed(failure));
    }

    @Override
    public void onComplete() {
      add(END);
    }

    private void add(Event event) {
      events.add(event);
    }

    private void requestOne() {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.request(1);
      }
    }
  }

  /**
   * One streamed answer. Closing it before its end closes the connection, which frees the backend.
   */
  final class Stream implements AutoCloseable {
    private final Lines lines;
    private final Duration betweenLinesTimeout;
    private Duration timeout;
    private boolean hasBegun;

    private Stream(Lines lines, Duration firstLineTimeout, Duration betweenLinesTimeout) {
      this.lines = lines;
      this.timeout = firstLineTimeout;
      this.betweenLinesTimeout = betweenLinesTimeout;
    }

    /**
     * The next line.
     *
     * @throws ThrongException BACKEND_TIMEOUT, BACKEND_STALLED, DEADLINE_EXCEEDED, or how the
     *     connection broke; the end of the stream is a BACKEND_PROTOCOL failure, because the caller
     *     stops reading at the line that says it is done
     */
    JsonNode next(Deadline deadline) {
      try {
        long waitNanos = Math.min(timeout.toNanos(), deadline.remainingNanos());
        Event event = lines.events.poll(waitNanos, TimeUnit.NANOSECONDS);
        return switch (event) {
          case null -> throw tooLate(deadline);
          case Line line -> {
            lines.requestOne();
            timeout = betweenLinesTimeout;
            hasBegun = true;
            yield read(line);
          }
          case Failed failed -> throw classify(failed.cause());
          case End end ->
              throw new ThrongException(
                  ErrorCode.BACKEND_PROTOCOL,
                  "%s ended its stream without saying done (status %d)"
                      .formatted(url, lines.status));
        };
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while reading " + url, e);
      }
    }

    /**
     * Reads to the end behind the last line that matters: then the server is done with the call,
     * and the connection can be used again.
     */
    void finish() {
      try {
        Event event;
        do {
          event = lines.events.poll(END_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } while (event instanceof Line);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the line that matters was read
      }
    }

    @Override
    public void close() {
      lines.isClosed = true;
      Flow.Subscription subscription = lines.subscription;
      if (subscription != null) {
        subscription.cancel();
      }
      CompletableFuture<?> exchange = lines.exchange;
      if (exchange != null) {
        exchange.cancel(true);
      }
    }

    private JsonNode read(Line line) {
      JsonNode json = parse(line.text());
      if (lines.status != OK && !json.hasNonNull("error")) {
        throw new ThrongException(
            ErrorCode.BACKEND_ERROR, "%s answered %d".formatted(url, lines.status));
      }
      return json;
    }

    private ThrongException tooLate(Deadline deadline) {
      return deadline.hasPassed()
          ? new ThrongException(
              ErrorCode.DEADLINE_EXCEEDED,
              "the deadline passed while %s was writing".formatted(url))
          : new ThrongException(
              hasBegun ? ErrorCode.BACKEND_STALLED : ErrorCode.BACKEND_TIMEOUT,
              "%s made no %stoken within %d ms"
                  .formatted(url, hasBegun ? "" : "first ", timeout.toMillis()));
    }
  }
}
