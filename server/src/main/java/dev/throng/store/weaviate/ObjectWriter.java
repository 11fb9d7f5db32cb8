package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.WeaviateConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.http.StoreCall;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes and deletes objects of one index. Single objects can fail in a call that succeeds. Those
 * are sent again, most likely to another node.
 */
final class ObjectWriter {
  private static final int ATTEMPTS = 6;

  private final Cluster cluster;
  private final IndexPlace place;
  private final String language;
  private final WeaviateConfig config;

  ObjectWriter(Cluster cluster, IndexPlace place, String language, WeaviateConfig config) {
    this.cluster = cluster;
    this.place = place;
    this.language = language;
    this.config = config;
  }

  /** Writes one batch. */
  void write(List<EmbeddedChunk> batch) {
    List<EmbeddedChunk> left = batch;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      JsonNode results = cluster.write(writeCall(left));
      List<EmbeddedChunk> failed = failed(left, results);
      if (!failed.isEmpty()) {
        String why = results.findPath("message").asText();
        tryAgain(
            attempt, "%d of %d chunks not written: %s".formatted(failed.size(), left.size(), why));
      }
      left = failed;
    }
  }

  /** Deletes all objects of some versions, however many there are. */
  void delete(List<Long> versions) {
    StoreCall call = deleteCall(versions);
    int failures = 0;
    boolean isDone = false;
    while (!isDone) {
      JsonNode results = cluster.write(call).path("results");
      int failed = results.path("failed").asInt();
      if (failed > 0) {
        failures++;
        tryAgain(failures, "%d chunks not deleted".formatted(failed));
      }
      // A call deletes at most as many objects as its limit, and the next call deletes the rest.
      int limit = results.path("limit").asInt(Integer.MAX_VALUE);
      isDone = failed == 0 && results.path("matches").asInt() < limit;
    }
  }

  private StoreCall writeCall(List<EmbeddedChunk> chunks) {
    return StoreCall.repeatable(
        path(""),
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("objects");
          for (EmbeddedChunk chunk : chunks) {
            ChunkObjects.write(out, chunk, place, language);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private StoreCall deleteCall(List<Long> versions) {
    return new StoreCall(
        "DELETE",
        path("&tenant=" + place.tenant()),
        out -> {
          out.writeStartObject();
          out.writeStringField("output", "minimal");
          out.writeObjectFieldStart("match");
          out.writeStringField("class", place.className());
          out.writeObjectFieldStart("where");
          out.writeStringField("operator", "ContainsAny");
          out.writeArrayFieldStart("path");
          out.writeString(ChunkObjects.VERSION);
          out.writeEndArray();
          out.writeArrayFieldStart("valueTextArray");
          for (long version : versions) {
            out.writeString(ChunkObjects.versionValue(version));
          }
          out.writeEndArray();
          out.writeEndObject();
          out.writeEndObject();
          out.writeEndObject();
        },
        true,
        null);
  }

  private String path(String parameters) {
    return "v1/batch/objects?consistency_level=" + config.writeConsistency() + parameters;
  }

  private List<EmbeddedChunk> failed(List<EmbeddedChunk> sent, JsonNode results) {
    List<EmbeddedChunk> failed = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      if (!results.path(i).at("/result/status").asText().equals("SUCCESS")) {
        failed.add(sent.get(i));
      }
    }
    return failed;
  }

  private void tryAgain(int attempt, String what) {
    if (attempt >= ATTEMPTS) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "weaviate, class %s: %s (%d attempts)".formatted(place.className(), what, attempt));
    }
    Pause.of(
        Pause.LONG.multipliedBy(attempt), Deadline.after(Ticker.system(), config.writeTimeout()));
  }
}
