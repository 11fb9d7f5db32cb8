package dev.throng.redis;

import dev.throng.core.Fingerprint;
import java.util.List;

/**
 * The keys of the generation from one prompt. Both are in the same slot of a cluster.
 *
 * @param lead the replica that generates, for the duration of a lease
 * @param text a stream: the head, pieces of text, the end
 */
record FlightKeys(String lead, String text) {
  static final String PART = ":f:";
  static final String TEXT = ":text";

  static FlightKeys of(String prefix, Fingerprint fingerprint) {
    String flight = "%s%s{%s}".formatted(prefix, PART, fingerprint.hash().hex());
    return new FlightKeys(flight + ":lead", flight + TEXT);
  }

  List<String> both() {
    return List.of(lead, text);
  }
}
