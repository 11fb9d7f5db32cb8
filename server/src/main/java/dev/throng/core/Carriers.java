package dev.throng.core;

/**
 * Shares the carrier threads of virtual threads. They are as many as the cores, and a virtual
 * thread that computes, or reads what has already arrived, keeps its carrier until it blocks.
 */
public final class Carriers {
  private Carriers() {}

  /** Lets the virtual threads that are ready run first; to be called each millisecond or so. */
  @SuppressWarnings("ThreadPriorityCheck") // virtual threads share the processor by this alone
  public static void yieldToOthers() {
    Thread.yield();
  }
}
