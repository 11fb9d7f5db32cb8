package dev.throng.store.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.core.TrustedCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client for JSON over HTTP to one store, with pooled connections and a bound on simultaneous
 * calls. Every failure is classified once. No call takes longer than its deadline or the configured
 * timeout. After several consecutive failures calls fail immediately, until a probe in the
 * background is answered.
 *
 * <p>A store that does not answer, or reports that it cannot, is STORE_UNAVAILABLE. A store that
 * refuses a request is STORE_FAILED, with the store's own message.
 */
public final class StoreHttp implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreHttp.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Number of consecutive failures after which no call is made until a probe was answered. */
  private static final int BREAKER_FAILURES = 3;

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);

  /** Time for a server to recover before a call is repeated. */
  private static final Duration RETRY_PAUSE = Duration.ofMillis(30);

  private static final Duration LONG_RUNNING = Duration.ofHours(1);
  private static final int SUCCESS_FROM = 200;
  private static final int SUCCESS_BELOW = 300;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS_FROM = 500;
  private static final int SHOWN_CHARS = 300;

  /**
   * A store's response.
   *
   * @param body a missing node when it is empty
   */
  public record Reply(int status, JsonNode body) {
    public boolean isSuccess() {
      return status >= SUCCESS_FROM && status < SUCCESS_BELOW;
    }
  }

  private final StoreEndpoint endpoint;
  private final HttpClient client;
  private final Semaphore places;
  private final Breaker breaker = new Breaker(BREAKER_FAILURES);
  private final AtomicBoolean isProbing = new AtomicBoolean();
  private volatile boolean isClosed;

  /**
   * Creates a client.
   *
   * @throws ThrongException STORE_FAILED when the certificates cannot be read
   */
  public StoreHttp(StoreEndpoint endpoint) {
    this.endpoint = endpoint;
    this.places = new Semaphore(endpoint.maxCalls(), true);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(endpoint.connectTimeout())
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name(endpoint.store() + "-http-", 0).factory()));
    if (endpoint.caFile() != null) {
      builder.sslContext(TrustedCertificates.context(endpoint.caFile(), ErrorCode.STORE_FAILED));
    }
    this.client = builder.build();
  }

  /**
   * Returns the body of a successful response.
   *
   * @throws ThrongException STORE_UNAVAILABLE, STORE_FAILED, or DEADLINE_EXCEEDED when the deadline
   *     had already passed
   */
  public JsonNode call(StoreCall call, Deadline deadline) {
    Reply reply = ask(call, deadline);
    if (!reply.isSuccess()) {
      throw refused(call, reply);
    }
    return reply.body();
  }

  /**
   * Like {@link #call(StoreCall, Deadline)}, for a caller that waits for as long as the timeout
   * allows.
   */
  public JsonNode call(StoreCall call) {
    return call(call, longRunning());
  }

  /** Returns a deadline later than every timeout, for calls without a deadline of their own. */
  public static Deadline longRunning() {
    return Deadline.after(Ticker.system(), LONG_RUNNING);
  }

  /**
   * Like {@link #call(StoreCall, Deadline)}, but also returns responses that refuse the call (a
   * status below 500).
   */
  public Reply ask(StoreCall call, Deadline deadline) {
    deadline.check("%s could be called".formatted(endpoint.store()));
    if (breaker.isOpen()) {
      probe();
      throw unavailable(
          "it failed %d times in a row and is being probed".formatted(BREAKER_FAILURES), null);
    }
    Duration timeout = call.timeout() == null ? endpoint.timeout() : call.timeout();
    Deadline until = deadline.within(timeout);
    boolean hasFullTime = deadline.remaining().compareTo(timeout) >= 0;
    HttpRequest request = request(call);
    awaitPlace(until);
    try {
      HttpResponse<byte[]> response = answer(request, call.mayRepeat(), until, hasFullTime);
      Reply reply = new Reply(response.statusCode(), json(response));
      breaker.succeeded();
      return reply;
    } finally {
      places.release();
    }
  }

  /** Returns whether it is temporarily out of use. It recovers by itself. */
  public boolean isDegraded() {
    return breaker.isOpen();
  }

  /** Returns the number of calls that wait for others to end. */
  public int waiting() {
    return places.getQueueLength();
  }

  /** Returns the failure for a response that refuses a call that should have succeeded. */
  public ThrongException refused(StoreCall call, Reply reply) {
    return new ThrongException(
        ErrorCode.STORE_FAILED,
        "%s answered %d to %s %s: %s"
            .formatted(
                endpoint.name(),
                reply.status(),
                call.method(),
                call.path(),
                message(reply.body())));
  }

  @Override
  public void close() {
    isClosed = true;
    client.shutdownNow();
  }

  private void awaitPlace(Deadline until) {
    try {
      if (!places.tryAcquire(until.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw unavailable(
            "all %d simultaneous calls were in use".formatted(endpoint.maxCalls()), null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpResponse<byte[]> answer(
      HttpRequest request, boolean mayRepeat, Deadline until, boolean hasFullTime) {
    try {
      HttpResponse<byte[]> response = send(request, until);
      if (response.statusCode() >= SERVER_ERRORS_FROM
          || response.statusCode() == TOO_MANY_REQUESTS) {
        failed();
        throw unavailable(
            "it answered %d: %s".formatted(response.statusCode(), message(json(response))), null);
      }
      return response;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException e) {
      if (hasFullTime) { // a short deadline proves nothing about the store
        failed();
      }
      throw unavailable("it did not answer in time", e);
    } catch (ExecutionException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      if (mayRepeat && mayBeGoneByNow(failure) && until.remaining().compareTo(RETRY_PAUSE) > 0) {
        return repeat(request, until, hasFullTime);
      }
      throw classify(failure);
    }
  }

  /**
   * Repeats a call. A pooled connection may have died while it was idle, which shows only on
   * sending, and a server that is restarting briefly refuses connections.
   */
  private HttpResponse<byte[]> repeat(HttpRequest request, Deadline until, boolean hasFullTime) {
    try {
      TimeUnit.NANOSECONDS.sleep(RETRY_PAUSE.toNanos());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return answer(request, false, until, hasFullTime);
  }

  private HttpResponse<byte[]> send(HttpRequest request, Deadline until)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, response -> new BoundedBody(endpoint.maxResponseBytes()));
    try {
      // The client's own timeout is not sufficient, because it ends with the headers.
      return exchange.get(until.remainingNanos(), TimeUnit.NANOSECONDS);
    } finally {
      exchange.cancel(true); // closes the connection of an unfinished call
    }
  }

  private HttpRequest request(StoreCall call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.at(call.path()))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(call.method(), publisher(call.body()));
    endpoint.headers().forEach((name, value) -> request.header(name, value.value()));
    return request.build();
  }

  private static BodyPublisher publisher(StoreCall.@Nullable Body body) {
    if (body == null) {
      return BodyPublishers.noBody();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
    return BodyPublishers.ofByteArray(bytes.toByteArray());
  }

  private JsonNode json(HttpResponse<byte[]> response) {
    try {
      JsonNode body = JSON.readTree(response.body());
      return body == null ? MissingNode.getInstance() : body;
    } catch (IOException e) {
      if (response.statusCode() >= SUCCESS_FROM && response.statusCode() < SUCCESS_BELOW) {
        throw new ThrongException(
            ErrorCode.STORE_FAILED,
            "%s returned invalid JSON: %s (expected: the URL of a %s)"
                .formatted(endpoint.name(), truncate(text(response)), endpoint.store()),
            e);
      }
      return JSON.getNodeFactory().textNode(text(response)); // an error page, perhaps of a proxy
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Returns the message of an error response, whatever object it is wrapped in. */
  private static String message(JsonNode body) {
    for (String field : new String[] {"message", "error", "detail"}) {
      JsonNode found = body.findValue(field);
      if (found != null && found.isTextual()) {
        return truncate(found.asText());
      }
    }
    return truncate(body.isTextual() ? body.asText() : body.toString());
  }

  private static String truncate(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + "..." : line;
  }

  private static boolean mayBeGoneByNow(Throwable failure) {
    return failure instanceof IOException
        && !(failure instanceof HttpConnectTimeoutException)
        && !(failure instanceof SSLException)
        && !(failure instanceof BoundedBody.TooLong);
  }

  private ThrongException classify(Throwable failure) {
    if (failure instanceof BoundedBody.TooLong) {
      return new ThrongException(
          ErrorCode.STORE_FAILED,
          "%s sent %s".formatted(endpoint.name(), failure.getMessage()),
          failure);
    }
    if (isClosed) {
      return new ThrongException(
          ErrorCode.SHUTTING_DOWN,
          "the connection to %s is closed".formatted(endpoint.name()),
          failure);
    }
    failed();
    return unavailable(
        switch (failure) {
          case SSLException e -> "the TLS connection failed: " + e.getMessage();
          case HttpConnectTimeoutException _ -> "the connection timed out";
          case ConnectException e ->
              e.getCause() instanceof UnresolvedAddressException
                  ? "its host name cannot be resolved"
                  : "connection refused";
          default -> "the connection broke: " + failure.getMessage();
        },
        failure);
  }

  private ThrongException unavailable(String why, @Nullable Throwable cause) {
    return new ThrongException(
        ErrorCode.STORE_UNAVAILABLE, "%s: %s".formatted(endpoint.name(), why), cause);
  }

  private ThrongException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ThrongException(
        ErrorCode.SHUTTING_DOWN, "interrupted while calling " + endpoint.name(), e);
  }

  private void failed() {
    if (breaker.failed()) {
      log.warn("{} is temporarily out of use", endpoint.name());
      probe();
    }
  }

  private void probe() {
    if (isProbing.compareAndSet(false, true)) {
      Thread.ofVirtual().name(endpoint.store() + "-probe").start(this::probeUntilAnswered);
    }
  }

  private void probeUntilAnswered() {
    try {
      while (!isClosed && breaker.isOpen()) {
        TimeUnit.NANOSECONDS.sleep(PROBE_INTERVAL.toNanos());
        if (isAnswered()) {
          breaker.probeAnswered();
          log.info("{} is back in use", endpoint.name());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // only when the client is closed
    } finally {
      isProbing.set(false);
    }
  }

  private boolean isAnswered() throws InterruptedException {
    try {
      Deadline until = Deadline.after(Ticker.system(), endpoint.timeout());
      return send(request(StoreCall.get(endpoint.probePath())), until).statusCode()
          < SERVER_ERRORS_FROM;
    } catch (ExecutionException | TimeoutException e) {
      log.debug("{} does not answer: {}", endpoint.name(), e.toString());
      return false;
    }
  }
}
