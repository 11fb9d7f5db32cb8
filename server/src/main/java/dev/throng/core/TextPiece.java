package dev.throng.core;

/**
 * A piece of an answer's text as it was delivered.
 *
 * @param rawEnd characters of raw text received at its end, which identifies the position in an
 *     event stream
 */
public record TextPiece(String text, int rawEnd) {}
