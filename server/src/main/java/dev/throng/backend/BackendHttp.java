package dev.throng.backend;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.config.BackendConfig;
import dev.throng.config.Secret;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TrustedCertificates;
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
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client for one backend. Connections are pooled, streams are read line by line, and every
 * failure is classified.
 */
public final class BackendHttp implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;

  /** Time for a server to notice that a connection broke, before the call is sent again. */
  private static final Duration RETRY_PAUSE = Duration.ofMillis(30);

  /** Maximum time from the last line of an answer to the end of the response. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(1);

  /** Answers and model lists are far shorter. A longer response is an accident or an attack. */
  private static final long MAX_RESPONSE_BYTES = 64L << 20;

  private static final int SHOWN_CHARS = 200;

  /**
   * A server's response.
   *
   * @param body null when it is not JSON
   * @param retryAfter how long the server asked to be left alone; zero when it did not say
   */
  public record Reply(int status, @Nullable JsonNode body, Duration retryAfter) {
    /** Returns the meaning of a response that is not a success. */
    public ErrorReply error() {
      return ErrorReply.of(status, body, retryAfter);
    }
  }

  private final URI url;
  private final Secret apiKey;
  private final HttpClient client;

  /** Creates a client for plain HTTP, or for HTTPS checked against the JDK's certificates. */
  public BackendHttp(URI url, Duration connectTimeout) {
    this(BackendConfig.ollama(url, 1), connectTimeout);
  }

  /**
   * Creates a client.
   *
   * @throws ThrongException BACKEND_ERROR when the certificates cannot be read
   */
  public BackendHttp(BackendConfig backend, Duration connectTimeout) {
    this.url = backend.url();
    this.apiKey = backend.apiKey();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectTimeout)
            .executor(ClientThreads.of(url));
    if (backend.caFile() != null) {
      builder.sslContext(TrustedCertificates.context(backend.caFile(), ErrorCode.BACKEND_ERROR));
    }
    this.client = builder.build();
  }

  public URI url() {
    return url;
  }

  /**
   * Sends a GET request.
   *
   * @param path appended to the path of the base URL
   * @throws ThrongException the meaning of an error response, or how the connection broke
   */
  public JsonNode get(String path, Duration timeout) {
    return checked(call(request(path).timeout(timeout).GET().build()), path);
  }

  /** Sends a POST request; otherwise like {@link #get}. */
  public JsonNode post(String path, JsonNode body, Duration timeout) {
    return checked(
        call(request(path).timeout(timeout).POST(BodyPublishers.ofString(body.toString())).build()),
        path);
  }

  /** Like {@link #get}, but returns responses of any status. */
  public Reply tryGet(String path, Duration timeout) {
    return call(request(path).timeout(timeout).GET().build());
  }

  /**
   * Starts a request whose response is a stream of lines.
   *
   * @param firstTokenTimeout from now to the first {@link Stream#progressed}
   * @param betweenTokensTimeout between two calls of {@link Stream#progressed}
   */
  public Stream stream(
      String path, JsonNode body, Duration firstTokenTimeout, Duration betweenTokensTimeout) {
    HttpRequest request = request(path).POST(BodyPublishers.ofString(body.toString())).build();
    ResponseLines lines = new ResponseLines();
    Stream stream = new Stream(lines, firstTokenTimeout, betweenTokensTimeout);
    send(request, lines, true);
    return stream;
  }

  /**
   * Sends a request. A pooled connection may have died while it was idle because the server was
   * restarted, which shows only on sending. Such a call is repeated once, on a new connection.
   */
  private void send(HttpRequest request, ResponseLines lines, boolean mayRepeat) {
    CompletableFuture<HttpResponse<ResponseLines>> exchange =
        client.sendAsync(
            request,
            response -> {
              lines.responded(
                  response.statusCode(), RetryAfter.in(response.headers(), Instant.now()));
              return BodySubscribers.limiting(
                  BodySubscribers.fromLineSubscriber(
                      lines, same -> same, StandardCharsets.UTF_8, null),
                  MAX_RESPONSE_BYTES);
            });
    lines.exchange(exchange);
    var _ =
        exchange.whenComplete((response, failure) -> {
          if (failure != null && mayRepeat && lines.isUnanswered(failure)) {
            var _ =
                CompletableFuture.runAsync(
                    () -> send(request, lines, false),
                    CompletableFuture.delayedExecutor(
                        RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS, ClientThreads.VIRTUAL));
          } else {
            lines.add(failure == null ? ResponseLines.END : new ResponseLines.Failed(failure));
          }
        });
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    String base = url.toString();
    String separator = base.endsWith("/") ? "" : "/";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + separator + path))
            .header("Content-Type", "application/json");
    return apiKey.isPresent()
        ? request.header("Authorization", "Bearer " + apiKey.value())
        : request;
  }

  private Reply call(HttpRequest request) {
    try {
      HttpResponse<String> response =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_RESPONSE_BYTES));
      return new Reply(
          response.statusCode(),
          json(response.body()),
          RetryAfter.in(response.headers(), Instant.now()));
    } catch (IOException e) {
      throw classify(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while calling " + url, e);
    }
  }

  /** Returns the body of a successful response. */
  private JsonNode checked(Reply reply, String path) {
    JsonNode body = reply.body();
    if (reply.status() != OK || (body != null && body.hasNonNull("error"))) {
      throw reply.error().failure(url.toString());
    }
    if (body == null) {
      throw new ThrongException(
          ErrorCode.BACKEND_PROTOCOL, "%s returned invalid JSON for %s".formatted(url, path));
    }
    return body;
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  private ThrongException classify(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SSLException e -> {
          return unreachable("the TLS connection failed: " + e.getMessage(), failure);
        }
        case ConnectException e -> {
          boolean isUnknown = e.getCause() instanceof UnresolvedAddressException;
          return unreachable(
              isUnknown ? "its host name cannot be resolved" : "connection refused", failure);
        }
        case HttpConnectTimeoutException e -> {
          return unreachable("the connection timed out", failure);
        }
        case HttpTimeoutException e -> {
          return new ThrongException(
              ErrorCode.BACKEND_TIMEOUT, "%s did not answer in time".formatted(url), failure);
        }
        default -> {} // its cause may be more specific
      }
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return new ThrongException(ErrorCode.BACKEND_PROTOCOL, "%s: %s".formatted(url, cause), failure);
  }

  private ThrongException unreachable(String why, Throwable cause) {
    return new ThrongException(ErrorCode.BACKEND_UNREACHABLE, "%s: %s".formatted(url, why), cause);
  }

  /**
   * One streamed response. Closing it before its end closes the connection, which frees the
   * backend.
   */
  public final class Stream implements AutoCloseable {
    private final ResponseLines lines;
    private final Duration betweenTokensTimeout;
    private Duration timeout;
    private long lastProgressNanos = System.nanoTime();
    private boolean hasProgressed;

    private Stream(ResponseLines lines, Duration firstTokenTimeout, Duration betweenTokensTimeout) {
      this.lines = lines;
      this.timeout = firstTokenTimeout;
      this.betweenTokensTimeout = betweenTokensTimeout;
    }

    /**
     * Returns the next line.
     *
     * @return empty at the end of the stream
     * @throws ThrongException BACKEND_TIMEOUT, BACKEND_STALLED, DEADLINE_EXCEEDED, or how the
     *     connection broke
     */
    public Optional<String> next(Deadline deadline) {
      try {
        long leftNanos = timeout.toNanos() - (System.nanoTime() - lastProgressNanos);
        ResponseLines.Event event = lines.poll(Math.min(leftNanos, deadline.remainingNanos()));
        return switch (event) {
          case null -> throw tooLate(deadline);
          case ResponseLines.Line line -> {
            lines.requestOne();
            yield Optional.of(line.text());
          }
          case ResponseLines.Failed failed -> throw classify(failed.cause());
          case ResponseLines.End _ -> Optional.empty();
        };
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while reading " + url, e);
      }
    }

    /**
     * Records that a line brought a token. Lines that only keep the connection open do not count.
     */
    public void progressed() {
      lastProgressNanos = System.nanoTime();
      timeout = betweenTokensTimeout;
      hasProgressed = true;
    }

    /** Returns the response's status, which is known after the first line or the end. */
    public int status() {
      return lines.status();
    }

    /**
     * Parses a line as JSON.
     *
     * @throws ThrongException BACKEND_PROTOCOL
     */
    public JsonNode parse(String line) {
      JsonNode parsed = json(line);
      if (parsed == null) {
        throw new ThrongException(
            ErrorCode.BACKEND_PROTOCOL,
            "%s returned invalid JSON: %s".formatted(url, truncate(line)));
      }
      return parsed;
    }

    /** Returns the error that this part of the response reports. */
    public ErrorReply error(@Nullable JsonNode body) {
      return ErrorReply.of(lines.status(), body, lines.retryAfter());
    }

    /**
     * Returns the error that the whole response reports.
     *
     * @param firstLine the first line of its body, which was already read
     */
    public ErrorReply error(String firstLine, Deadline deadline) {
      StringBuilder text = new StringBuilder(firstLine);
      for (Optional<String> line = next(deadline); line.isPresent(); line = next(deadline)) {
        text.append('\n').append(line.get());
      }
      return error(json(text.toString()));
    }

    /**
     * Returns a failure for a stream that ended before the line that marks the answer as complete.
     */
    public ThrongException endedEarly() {
      return new ThrongException(
          ErrorCode.BACKEND_PROTOCOL,
          "%s ended its stream before the end of the answer (status %d)"
              .formatted(url, lines.status()));
    }

    /**
     * Reads to the end after the last relevant line, so that the server has finished the call and
     * the connection can be reused.
     */
    public void finish() {
      try {
        ResponseLines.Event event;
        do {
          event = lines.poll(END_TIMEOUT.toNanos());
          lines.requestOne();
        } while (event instanceof ResponseLines.Line);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the last relevant line was read
      }
    }

    @Override
    public void close() {
      lines.close();
    }

    private ThrongException tooLate(Deadline deadline) {
      return deadline.hasPassed()
          ? new ThrongException(
              ErrorCode.DEADLINE_EXCEEDED,
              "the deadline passed while %s was generating".formatted(url))
          : new ThrongException(
              hasProgressed ? ErrorCode.BACKEND_STALLED : ErrorCode.BACKEND_TIMEOUT,
              "%s produced no %stoken within %d ms"
                  .formatted(url, hasProgressed ? "" : "first ", timeout.toMillis()));
    }
  }

  private static String truncate(String line) {
    return line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + "..." : line;
  }
}
