package dev.throng.config;

import java.time.Duration;

/**
 * How documents are read, and the limits of the processes that do it. Every setting is explained in
 * defaults.yaml, in the section ingest.
 *
 * @param workers number of processes; 0 for one that fits the machine
 */
public record ParserConfig(
    long maxFileBytes,
    int maxTextChars,
    int maxNestingDepth,
    int maxEntries,
    boolean archives,
    Ocr ocr,
    int workers,
    Duration timeout,
    Duration timeoutPerMebibyte,
    long heapBytes,
    long diskBytes) {

  /** How text in images is read. */
  public record Ocr(boolean isOn, String languages, Duration timeout) {}

  static ParserConfig read(Section section) {
    return new ParserConfig(
        section.bytes("max_file_bytes", 1 << 10, 1L << 40),
        section.integer("max_text_chars", 1_000, Integer.MAX_VALUE),
        section.integer("max_nesting_depth", 10, 10_000),
        section.integer("max_entries", 1, 10_000_000),
        section.flag("archives"),
        new Ocr(
            section.flag("ocr"),
            section.matching(
                "ocr_languages",
                "[a-zA-Z_]{2,30}(\\+[a-zA-Z_]{2,30}){0,20}",
                "languages like eng or eng+deu"),
            section.duration("ocr_timeout", Duration.ofMillis(100), Duration.ofHours(24))),
        section.integerOrAuto("parse_workers", 1, 256),
        section.duration("parse_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.duration("parse_timeout_per_mebibyte", Duration.ZERO, Duration.ofHours(1)),
        section.bytes("parse_heap", 1L << 26, 1L << 36),
        section.bytes("parse_disk", 1L << 20, 1L << 40));
  }
}
