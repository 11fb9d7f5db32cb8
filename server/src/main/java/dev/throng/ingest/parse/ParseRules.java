package dev.throng.ingest.parse;

import dev.throng.config.IngestConfig;

/**
 * What a worker may make of one document.
 *
 * @param maxTextChars characters of text
 * @param maxNestingDepth elements, containers or documents inside each other
 * @param maxEntries documents and members inside one file
 * @param ocrLanguages as tesseract's -l takes them
 */
record ParseRules(
    int maxTextChars,
    int maxNestingDepth,
    int maxEntries,
    boolean isWithArchives,
    boolean isWithOcr,
    String ocrLanguages) {

  static ParseRules of(IngestConfig config) {
    return new ParseRules(
        config.maxTextChars(),
        config.maxNestingDepth(),
        config.maxEntries(),
        config.archives(),
        config.ocr(),
        config.ocrLanguages());
  }
}
