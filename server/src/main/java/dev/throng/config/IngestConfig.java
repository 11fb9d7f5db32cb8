package dev.throng.config;

import java.time.Duration;
import java.util.List;

/** How documents become chunks. Every setting is explained in defaults.yaml. */
public record IngestConfig(
    String language,
    int chunkTokens,
    int overlapTokens,
    long maxFileBytes,
    int maxTextChars,
    int maxNestingDepth,
    int maxEntries,
    boolean archives,
    boolean ocr,
    String ocrLanguages,
    Duration ocrTimeout,
    int parseWorkers,
    Duration parseTimeout,
    Duration parseTimeoutPerMebibyte,
    long parseHeapBytes,
    long parseDiskBytes,
    int batchChunks,
    Duration publishInterval,
    Duration deletionGrace,
    int workers,
    int maxOpenJobs,
    int maxUploads,
    Duration jobRetention,
    boolean keepOriginals,
    String originalsDir,
    long quotaDocuments,
    long quotaBytes,
    long quotaChunks,
    int maxCollections,
    boolean watch,
    Duration watchDebounce,
    Duration watchRescan) {
  /** Languages with an analyzer of their own. "none" only splits words. */
  public static final List<String> LANGUAGES =
      List.of(
          "en", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "da", "fi", "ru", "cjk", "none");

  static IngestConfig read(Section section) {
    return new IngestConfig(
        section.choice("language", LANGUAGES),
        section.integer("chunk_tokens", 32, 1 << 16),
        section.integer("overlap_tokens", 0, 1 << 14),
        section.bytes("max_file_bytes", 1 << 10, 1L << 40),
        section.integer("max_text_chars", 1_000, Integer.MAX_VALUE),
        section.integer("max_nesting_depth", 10, 10_000),
        section.integer("max_entries", 1, 10_000_000),
        section.flag("archives"),
        section.flag("ocr"),
        section.matching(
            "ocr_languages",
            "[a-zA-Z_]{2,30}(\\+[a-zA-Z_]{2,30}){0,20}",
            "languages like eng or eng+deu"),
        section.duration("ocr_timeout", Duration.ofMillis(100), Duration.ofHours(24)),
        section.integerOrAuto("parse_workers", 1, 256),
        section.duration("parse_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.duration("parse_timeout_per_mebibyte", Duration.ZERO, Duration.ofHours(1)),
        section.bytes("parse_heap", 1L << 26, 1L << 36),
        section.bytes("parse_disk", 1L << 20, 1L << 40),
        section.integer("batch_chunks", 1, 1_000_000),
        section.duration("publish_interval", Duration.ZERO, Duration.ofHours(1)),
        section.duration("deletion_grace", Duration.ZERO, Duration.ofHours(24)),
        section.integer("workers", 1, 1_000),
        section.integer("max_open_jobs", 1, 10_000_000),
        section.integer("max_uploads", 1, 10_000),
        section.duration("job_retention", Duration.ofMinutes(1), Duration.ofHours(100_000)),
        section.flag("keep_originals"),
        section.text("originals_dir"),
        section.integer("quota_documents", 0, Integer.MAX_VALUE),
        section.bytes("quota_bytes", 0, Long.MAX_VALUE),
        section.integer("quota_chunks", 0, Integer.MAX_VALUE),
        section.integer("max_collections", 1, 1_000_000),
        section.flag("watch"),
        section.duration("watch_debounce", Duration.ofMillis(10), Duration.ofMinutes(10)),
        section.duration("watch_rescan", Duration.ofMillis(100), Duration.ofHours(24)));
  }
}
