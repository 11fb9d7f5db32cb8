package dev.throng.bench.rig;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A generation as it went through a {@link BackendProxy}: what was asked, and what came when. */
public final class ProxiedCall {

  /**
   * Text on its way to the client.
   *
   * @param atNanos just before it was sent on, as {@link System#nanoTime} has it
   */
  public record Piece(String text, long atNanos) {}

  private record Chunk(String lines, long atNanos) {}

  private final String body;
  private final long atNanos = System.nanoTime();
  private final ConcurrentLinkedQueue<Chunk> chunks = new ConcurrentLinkedQueue<>();

  ProxiedCall(String body) {
    this.body = body;
  }

  /** The request, as JSON. */
  public String body() {
    return body;
  }

  /** When the whole request was there. */
  public long atNanos() {
    return atNanos;
  }

  public String prompt() {
    return JsonText.parse(body).path("prompt").asText();
  }

  /** What was sent on, an Ollama line each. */
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
