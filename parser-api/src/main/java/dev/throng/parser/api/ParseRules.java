package dev.throng.parser.api;

/**
 * What a worker may make of one document.
 *
 * @param maxTextChars characters of text
 * @param maxNestingDepth elements, containers or documents inside each other
 * @param maxEntries documents and members inside one file
 * @param ocrLanguages as tesseract's -l takes them
 */
public record ParseRules(
    int maxTextChars,
    int maxNestingDepth,
    int maxEntries,
    boolean isWithArchives,
    boolean isWithOcr,
    String ocrLanguages) {}
