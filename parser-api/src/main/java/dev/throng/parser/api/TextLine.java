package dev.throng.parser.api;

/**
 * Where a line of a block's text stands on its page. The line ends where the next one of the block
 * starts. Positions are in points (1/72 inch) from the upper left corner of the page as it is
 * displayed.
 *
 * @param start offset of its first character in the block's text
 * @param page page, from 1
 */
public record TextLine(int start, int page, float left, float top, float width, float height) {}
