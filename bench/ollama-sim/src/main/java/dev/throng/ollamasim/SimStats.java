package dev.throng.ollamasim;

import java.util.Map;

/**
 * What an instance has seen since its start or the last reset. Only generations count, those that
 * the client meant as a probe included; not embeddings, templates rendered, lists of models.
 *
 * @param requests generations received
 * @param inFlight received and not ended. A generation whose client hung up has ended when the
 *     simulator sees it: while it waits at once, else at the next token
 * @param running those that hold a slot
 * @param tokens generated, in whole pieces
 * @param embeds requests for embeddings
 * @param loads of the model
 * @param continuations generations that had a part of the answer in their prompt
 * @param seamMismatches continuations whose part of the answer was no beginning of the answer
 * @param faults that have struck, by kind
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
