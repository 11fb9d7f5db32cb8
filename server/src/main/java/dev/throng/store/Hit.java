package dev.throng.store;

/**
 * A chunk that a search found.
 *
 * @param version the document version it belongs to
 * @param ordinal its position in that version
 * @param score higher is better; comparable only within one list
 * @param handle where the view that found it reads its content; meaningless for another view
 */
public record Hit(long version, int ordinal, float score, int handle) {}
