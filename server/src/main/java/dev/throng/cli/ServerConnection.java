package dev.throng.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.throng.app.Wiring;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The client side of the API for commands. */
final class ServerConnection implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int HTTP_MULTIPLE_CHOICES = 300;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String url;
  private final String token;
  private final @Nullable Wiring own;

  private ServerConnection(String url, String token, @Nullable Wiring own) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.token = token;
    this.own = own;
  }

  static ServerConnection to(String url, String token) {
    return new ServerConnection(url, token, null);
  }

  /** Starts a private server, which other commands do not see. Closing the connection stops it. */
  static ServerConnection own(Wiring server, CollectionRef collection) {
    server.start();
    var _ = server.open(collection);
    return new ServerConnection("http://127.0.0.1:" + server.port(), server.localToken(), server);
  }

  /**
   * Returns whether this is a local data folder without documents. A remote server is not asked.
   */
  boolean isEmpty() {
    return own != null && own.documentCount() == 0;
  }

  /**
   * Posts a JSON body and reads a JSON response.
   *
   * @throws ThrongException as the server reports it; UNREACHABLE when there is none
   */
  JsonNode post(String path, JsonNode body) {
    try (Stream<String> lines = send(path, body, "application/json")) {
      return parse(lines.collect(Collectors.joining("\n")));
    }
  }

  /** Encodes a text as a part of a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads a JSON response.
   *
   * @throws ThrongException as the server reports it; UNREACHABLE when there is none
   */
  JsonNode get(String path) {
    try (Stream<String> lines = send(request(path, "application/json").build())) {
      return parse(lines.collect(Collectors.joining("\n")));
    }
  }

  /**
   * Posts a JSON body and reads one JSON value per line.
   *
   * @param onLine receives each value when it arrives
   * @return the last one; a missing node when there was none
   */
  JsonNode postForLines(String path, JsonNode body, Consumer<JsonNode> onLine) {
    JsonNode last = MissingNode.getInstance();
    try (Stream<String> lines = send(path, body, "application/x-ndjson, application/json")) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (!line.isBlank()) {
          last = parse(line);
          onLine.accept(last);
        }
      }
    }
    return last;
  }

  /**
   * Posts a question and reads its event stream.
   *
   * @param onText receives the text while it is generated
   * @return the answer, from the last event
   */
  JsonNode ask(JsonNode body, Consumer<String> onText) {
    JsonNode answer = null;
    String event = "";
    try (Stream<String> lines = send("/query", body, "text/event-stream")) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          JsonNode data = parse(line.substring("data: ".length()));
          switch (event) {
            case "token" -> onText.accept(data.path("text").asText());
            case "done" -> answer = data;
            case "error" -> throw problem(data);
            default -> {} // newer servers may send more
          }
        }
      }
    }
    if (answer == null) {
      throw new ThrongException(
          ErrorCode.UNREACHABLE, url + " closed the connection in the middle of the answer");
    }
    return answer;
  }

  @Override
  public void close() {
    http.close();
    if (own != null) {
      own.close();
    }
  }

  private Stream<String> send(String path, JsonNode body, String accept) {
    return send(
        request(path, accept)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  private HttpRequest.Builder request(String path, String accept) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Accept", accept)
        .header("Authorization", "Bearer " + token);
  }

  private Stream<String> send(HttpRequest request) {
    try {
      HttpResponse<Stream<String>> response =
          http.send(request, HttpResponse.BodyHandlers.ofLines());
      if (response.statusCode() < HTTP_MULTIPLE_CHOICES) {
        return response.body();
      }
      try (Stream<String> lines = response.body()) {
        throw problem(parse(lines.collect(Collectors.joining("\n"))));
      }
    } catch (ConnectException e) {
      throw new ThrongException(ErrorCode.UNREACHABLE, "no server answers at %s".formatted(url), e);
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.UNREACHABLE, request.uri() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted", e);
    }
  }

  private JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ThrongException(
          ErrorCode.UNREACHABLE, "%s is not a Throng server".formatted(url), e);
    }
  }

  private static ThrongException problem(JsonNode problem) {
    ErrorCode code = ErrorCode.of(problem.path("code").asText()).orElse(ErrorCode.INTERNAL);
    return new ThrongException(
        code, problem.path("detail").asText(problem.path("title").asText("no detail")));
  }
}
