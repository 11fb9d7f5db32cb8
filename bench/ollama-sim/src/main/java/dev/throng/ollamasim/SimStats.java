package dev.throng.ollamasim;

import java.util.Map;

/**
 * What an instance has seen since its start or the last reset. Only generations count, including
 * those that the client meant as probes, but not embeddings, rendered templates or lists of models.
 *
 * @param requests generations received
 * @param inFlight received and not ended. A generation whose client hung up ends when the simulator
 *     notices it: immediately while it waits, otherwise at the next token
 * @param running generations that hold a slot
 * @param tokens generated, in whole pieces
 * @param embeds requests for embeddings
 * @param loads how often the model was loaded
 * @param continuations generations that had a part of the answer in their prompt
 * @param seamMismatches continuations whose part of the answer was not its beginning
 * @param faults faults that occurred, by kind
 */
public record SimStats(
    long requests,
    int inFlight,
    int maxInFlight,
    int running,
    int maxRunning,
    long tokens,
    long embeds,
    long loads,
    long continuations,
    long seamMismatches,
    Map<FaultKind, Long> faults) {
  public SimStats {
    faults = Map.copyOf(faults);
  }
}
