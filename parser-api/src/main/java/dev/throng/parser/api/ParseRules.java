package dev.throng.parser.api;

/**
 * The limits for parsing one document in a worker.
 *
 * @param maxTextChars characters of text
 * @param maxNestingDepth nested elements, containers or documents
 * @param maxEntries documents and members inside one file
 * @param ocrLanguages in the format of tesseract's -l option
 */
public record ParseRules(
    int maxTextChars,
    int maxNestingDepth,
    int maxEntries,
    boolean isWithArchives,
    boolean isWithOcr,
    String ocrLanguages) {}
