package dev.throng.parser.worker;

/** Lines that belong together and are no running text. */
interface RstBlock {
  /** Takes the next line, or says that it is none of its own. */
  boolean takes(String line);

  /** No more lines come. */
  void end();
}
