package dev.throng.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobSpec;
import dev.throng.catalog.JobState;
import dev.throng.core.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Encodes a job as clients see it. */
public final class JobJson {
  private static final int ACCEPTED = 202;

  private JobJson() {}

  public static ObjectNode of(Job job, Instant now) {
    ObjectNode node = Json.object();
    node.put("id", job.id());
    node.put("kind", job.spec().kind());
    node.put("collection", job.collection().name());
    switch (job.spec()) {
      case JobSpec.Document document ->
          node.put("document_id", document.documentId()).put("uri", document.source().uri());
      case JobSpec.Sync sync -> node.put("uri", sync.folder().toString());
      case JobSpec.Mirror mirror -> node.put("uri", mirror.folder().toString());
      case JobSpec.Reindex reindex -> node.put("index", reindex.indexNumber());
    }
    node.put("state", job.state().code());
    node.put("created_at", job.createdAt().toString());
    put(node, "started_at", job.startedAt());
    put(node, "finished_at", job.finishedAt());
    putProgress(node, job, now);
    if (job.code().isEmpty()) {
      if (!job.detail().isEmpty()) {
        node.put("detail", job.detail());
      }
    } else if (!job.detail().isEmpty()) {
      putError(node, job);
    }
    return node;
  }

  /** Responds that a job was accepted, with the URL for its status. */
  public static void accept(Exchange exchange, Job job, Instant now) {
    exchange.setHeader("Location", "/jobs/" + job.id());
    exchange.setStatus(ACCEPTED);
    exchange.sendJson(of(job, now));
  }

  private static void put(ObjectNode node, String name, @Nullable Instant time) {
    if (time != null) {
      node.put(name, time.toString());
    }
  }

  private static void putProgress(ObjectNode node, Job job, Instant now) {
    JobProgress progress = job.progress();
    switch (job.spec()) {
      case JobSpec.Sync _, JobSpec.Mirror _ -> {
        node.put("files_done", progress.pages()).put("files_total", progress.chunksTotal());
        return;
      }
      case JobSpec.Reindex _ -> node.put("documents_done", progress.pages());
      case JobSpec.Document _ -> node.put("pages", progress.pages());
    }
    node.put("chunks_done", progress.chunks());
    if (progress.chunksTotal() > 0) {
      node.put("chunks_total", progress.chunksTotal());
    }
    Instant start = job.startedAt();
    if (job.state() == JobState.EMBEDDING && progress.chunks() > 0 && start != null) {
      double rate =
          progress.chunks() / Math.max(1e-3, Duration.between(start, now).toMillis() / 1e3);
      node.put("chunks_per_second", Math.round(rate * 10) / 10.0);
      node.put("eta_seconds", Math.round((progress.chunksTotal() - progress.chunks()) / rate));
    }
  }

  private static void putError(ObjectNode node, Job job) {
    ObjectNode error = node.putObject(job.state().isFinished() ? "error" : "waits_for");
    error.put("code", job.code());
    ErrorCode.of(job.code())
        .ifPresent(code -> {
          error.put("detail", Problems.detail(code, job.detail()));
          error.put("title", code.meaning());
          error.put("remedy", code.remedy());
        });
  }
}
