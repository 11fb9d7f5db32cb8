package dev.throng.config;

/**
 * How much a tenant may have; 0 for no limit. Every setting is explained in defaults.yaml, in the
 * section ingest.
 */
public record QuotaConfig(long documents, long bytes, long chunks) {

  static QuotaConfig read(Section section) {
    return new QuotaConfig(
        section.integer("quota_documents", 0, Integer.MAX_VALUE),
        section.bytes("quota_bytes", 0, Long.MAX_VALUE),
        section.integer("quota_chunks", 0, Integer.MAX_VALUE));
  }
}
