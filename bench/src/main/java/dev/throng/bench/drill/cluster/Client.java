package dev.throng.bench.drill.cluster;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.KeptConnections;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks like a real client: it resumes a stream that was cut. */
final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  /** A load balancer needs a moment to notice that a replica is gone. */
  private static final int MAX_ATTEMPTS = 20;

  private static final long PAUSE_MILLIS = 250;

  /**
   * The course of a stream.
   *
   * @param text the joined pieces, over all connections
   * @param whole the answer as its final event contains it
   * @param resumed how often the stream was resumed
   */
  record Streamed(String text, String whole, int resumed) {
    boolean isExact() {
      return text.equals(whole);
    }
  }

  private Client() {}

  /**
   * Asks once, on a new connection.
   *
   * @throws IOException when there is no answer, or its status is not 200
   */
  static JsonNode ask(URI server, String question) throws IOException {
    return post(server, Questions.body(question));
  }

  /** Like {@link #ask}, with a complete request body. */
  static JsonNode post(URI server, String body) throws IOException {
    try (QueryConnection connection = new QueryConnection(server)) {
      Response response = connection.post("/query", body, event -> {});
      if (response.status() != OK) {
        throw new IOException(response.status() + " " + response.body());
      }
      return parse(response.body());
    }
  }

  /** Asks for a stream, and reads it to its end, resuming it after each interruption. */
  static Streamed stream(URI server, String question) throws IOException, InterruptedException {
    String body = Questions.body(question, true);
    for (int attempt = 1; ; attempt++) {
      Reading reading = new Reading();
      try (KeptConnections connections = new KeptConnections(server)) {
        Response response = connections.ask(body, reading::take);
        if (reading.whole != null) {
          return new Streamed(
              reading.text.toString(), reading.whole, (int) connections.resumptions());
        }
        if (response.status() != UNAVAILABLE || attempt == MAX_ATTEMPTS) {
          throw new IllegalStateException(response.status() + " " + response.body());
        }
      } catch (IOException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  /** The data received, over all connections. */
  private static final class Reading {
    private final StringBuilder text = new StringBuilder();
    private @Nullable String whole;

    void take(Event event) {
      switch (event.name()) {
        case "token" -> text.append(event.json().path("text").asText());
        case "done" -> whole = event.json().path("response").asText();
        case "error" -> throw new IllegalStateException(event.data());
        default -> {}
      }
    }
  }

  static JsonNode parse(String json) throws JacksonException {
    return JSON.readTree(json);
  }
}
