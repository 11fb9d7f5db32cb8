package dev.throng.parser.worker;

/** Lines that belong together and are not running text. */
interface RstBlock {
  /** Accepts the next line, or returns false when the line is not part of the block. */
  boolean takes(String line);

  /** Ends the block. */
  void end();
}
