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
 * JSON over HTTP to one store: kept connections, a bound on the calls under way, and every failure
 * classified once. No call outlasts its deadline or the configured timeout. After some failures in
 * a row calls fail at once, until a probe in the background is answered.
 *
 * <p>A store that does not answer, or answers that it cannot, is STORE_UNAVAILABLE; one that
 * refuses what it was asked is STORE_FAILED, with its own words.
 */
public final class StoreHttp implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreHttp.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Failures in a row after which nobody asks any more until a probe was answered. */
  private static final int BREAKER_FAILURES = 3;

  private static final Duration PROBE_EVERY = Duration.ofMillis(250);

  /** What a server gets to come back, before a call comes again. */
  private static final Duration REPEAT_PAUSE = Duration.ofMillis(30);

  private static final Duration LONG_RUNNING = Duration.ofHours(1);
  private static final int SUCCESS_FROM = 200;
  private static final int SUCCESS_BELOW = 300;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS_FROM = 500;
  private static final int SHOWN_CHARS = 300;

  /**
   * What a store said.
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
   * The body of an answer that is a success.
   *
   * @throws ThrongException STORE_UNAVAILABLE, STORE_FAILED, or DEADLINE_EXCEEDED when the deadline
   *     had passed before
   */
  public JsonNode call(StoreCall call, Deadline deadline) {
    Reply reply = ask(call, deadline);
    if (!reply.isSuccess()) {
      throw refused(call, reply);
    }
    return reply.body();
  }

  /** As {@link #call}, of a caller that waits as long as the timeout allows. */
  public JsonNode call(StoreCall call) {
    return call(call, longRunning());
  }

  /** A deadline behind every timeout, for what nobody waits for with one of their own. */
  public static Deadline longRunning() {
    return Deadline.after(Ticker.system(), LONG_RUNNING);
  }

  /**
   * As {@link #call}, where what the store says against the call (a status below 500) is an answer,
   * too.
   */
  public Reply ask(StoreCall call, Deadline deadline) {
    deadline.check("%s could be asked".formatted(endpoint.store()));
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

  /** Whether it is left out for now; it comes back by itself. */
  public boolean isDegraded() {
    return breaker.isOpen();
  }

  /** Calls that wait for others to end. */
  public int waiting() {
    return places.getQueueLength();
  }

  /** What a store said against a call that should have been a success. */
  public ThrongException refused(StoreCall call, Reply reply) {
    return new ThrongException(
        ErrorCode.STORE_FAILED,
        "%s answered %d to %s %s: %s"
            .formatted(
                endpoint.name(), reply.status(), call.method(), call.path(), said(reply.body())));
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
            "%d calls were under way all the time".formatted(endpoint.maxCalls()), null);
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
            "it answered %d: %s".formatted(response.statusCode(), said(json(response))), null);
      }
      return response;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException e) {
      if (hasFullTime) { // a caller in a hurry says nothing about the store
        failed();
      }
      throw unavailable("it did not answer in time", e);
    } catch (ExecutionException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      if (mayRepeat && mayBeGoneByNow(failure) && until.remaining().compareTo(REPEAT_PAUSE) > 0) {
        return repeat(request, until, hasFullTime);
      }
      throw classify(failure);
    }
  }

  /**
   * A kept connection may have died while nobody used it, which shows only when something is sent;
   * and a server that is restarted takes none for a moment.
   */
  private HttpResponse<byte[]> repeat(HttpRequest request, Deadline until, boolean hasFullTime) {
    try {
      TimeUnit.NANOSECONDS.sleep(REPEAT_PAUSE.toNanos());
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
      // Not the client's own timeout, which ends with the headers.
      return exchange.get(until.remainingNanos(), TimeUnit.NANOSECONDS);
    } finally {
      exchange.cancel(true); // closes the connection, if it is not done
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
      throw new UncheckedIOException(e); // memory does not fail
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
                .formatted(endpoint.name(), shown(text(response)), endpoint.store()),
            e);
      }
      return JSON.getNodeFactory().textNode(text(response)); // an error page, of a proxy perhaps
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The message in an error answer, whatever it is wrapped in. */
  private static String said(JsonNode body) {
    for (String field : new String[] {"message", "error", "detail"}) {
      JsonNode found = body.findValue(field);
      if (found != null && found.isTextual()) {
        return shown(found.asText());
      }
    }
    return shown(body.isTextual() ? body.asText() : body.toString());
  }

  private static String shown(String text) {
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
          case SSLException e -> "no secure connection: " + e.getMessage();
          case HttpConnectTimeoutException _ -> "no connection in time";
          case ConnectException e ->
              e.getCause() instanceof UnresolvedAddressException
                  ? "its name cannot be looked up"
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
        ErrorCode.SHUTTING_DOWN, "interrupted while asking " + endpoint.name(), e);
  }

  private void failed() {
    if (breaker.failed()) {
      log.warn("{} is not used for now", endpoint.name());
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
        TimeUnit.NANOSECONDS.sleep(PROBE_EVERY.toNanos());
        if (isAnswered()) {
          breaker.probeAnswered();
          log.info("{} is used again", endpoint.name());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does, but the client's close
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
