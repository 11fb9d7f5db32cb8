package dev.throng.core;

/**
 * Shares the carrier threads of virtual threads fairly. There are as many carriers as cores, and a
 * virtual thread that computes, or reads data that has already arrived, keeps its carrier until it
 * blocks.
 */
public final class Carriers {
  private Carriers() {}

  /**
   * Lets other runnable virtual threads run first. Long computations should call this about once
   * per millisecond.
   */
  @SuppressWarnings("ThreadPriorityCheck") // the only way for virtual threads to yield
  public static void yieldToOthers() {
    Thread.yield();
  }
}
