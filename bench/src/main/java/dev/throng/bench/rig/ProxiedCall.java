package dev.throng.bench.rig;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A generation that passed through a {@link BackendProxy}: its request, and when its text came. */
public final class ProxiedCall {

  /**
   * Text on its way to the client.
   *
   * @param atNanos just before it was forwarded, by {@link System#nanoTime}
   */
  public record Piece(String text, long atNanos) {}

  private record Chunk(String lines, long atNanos) {}

  private final String body;
  private final long atNanos = System.nanoTime();
  private final ConcurrentLinkedQueue<Chunk> chunks = new ConcurrentLinkedQueue<>();

  ProxiedCall(String body) {
    this.body = body;
  }

  /** Returns the request, as JSON. */
  public String body() {
    return body;
  }

  /** Returns when the whole request had arrived. */
  public long atNanos() {
    return atNanos;
  }

  public String prompt() {
    return JsonText.parse(body).path("prompt").asText();
  }

  /** Returns the forwarded lines of Ollama's response. */
  public List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Chunk chunk : chunks) {
      chunk
          .lines()
          .lines()
          .forEach(line ->
              pieces.add(
                  new Piece(JsonText.parse(line).path("response").asText(), chunk.atNanos())));
    }
    return pieces;
  }

  void sends(byte[] chunk) {
    chunks.add(new Chunk(new String(chunk, StandardCharsets.UTF_8), System.nanoTime()));
  }
}
