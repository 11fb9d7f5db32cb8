package dev.throng.config;

import java.time.Duration;

/**
 * How many documents are worked on, how many wait, and what is kept of them. Every setting is
 * explained in defaults.yaml, in the section ingest.
 */
public record JobsConfig(
    int workers,
    int maxOpen,
    int maxUploads,
    Duration retention,
    boolean keepsOriginals,
    String originalsDir) {

  static JobsConfig read(Section section) {
    return new JobsConfig(
        section.integer("workers", 1, 1_000),
        section.integer("max_open_jobs", 1, 10_000_000),
        section.integer("max_uploads", 1, 10_000),
        section.duration("job_retention", Duration.ofMinutes(1), Duration.ofHours(100_000)),
        section.flag("keep_originals"),
        section.text("originals_dir"));
  }
}
