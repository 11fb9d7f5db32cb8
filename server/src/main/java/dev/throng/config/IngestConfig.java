package dev.throng.config;

import java.time.Duration;
import java.util.List;

/**
 * How documents become chunks. Every setting is explained in defaults.yaml.
 *
 * @param parser how documents are read
 * @param jobs how documents wait and are kept
 * @param quota how much a tenant may have
 * @param watch how a followed folder is watched
 */
public record IngestConfig(
    String language,
    int chunkTokens,
    int overlapTokens,
    int batchChunks,
    Duration publishInterval,
    Duration deletionGrace,
    int maxCollections,
    ParserConfig parser,
    JobsConfig jobs,
    QuotaConfig quota,
    WatchConfig watch) {
  /** Languages with an analyzer of their own. "none" only splits words. */
  public static final List<String> LANGUAGES =
      List.of(
          "en", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "da", "fi", "ru", "cjk", "none");

  static IngestConfig read(Section section) {
    return new IngestConfig(
        section.choice("language", LANGUAGES),
        section.integer("chunk_tokens", 32, 1 << 16),
        section.integer("overlap_tokens", 0, 1 << 14),
        section.integer("batch_chunks", 1, 1_000_000),
        section.duration("publish_interval", Duration.ZERO, Duration.ofHours(1)),
        section.duration("deletion_grace", Duration.ZERO, Duration.ofHours(24)),
        section.integer("max_collections", 1, 1_000_000),
        ParserConfig.read(section),
        JobsConfig.read(section),
        QuotaConfig.read(section),
        WatchConfig.read(section));
  }
}
