package dev.throng.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.ClusterCheck;
import dev.throng.catalog.Replica;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the traits of replicas. */
final class ClusterReport {
  private ClusterReport() {}

  static void print(ClusterCheck check, OutputOptions output) {
    if (output.json()) {
      output.print(json(check, output));
      return;
    }
    for (Replica replica : check.replicas()) {
      output.line(
          "%s  since %s".formatted(output.bold(ClusterCheck.url(replica)), replica.startedAt()));
      output.line("  " + shown(replica.traits()));
    }
    output.line(output.bold("this machine's configuration"));
    output.line("  " + shown(check.here()));
    for (String difference : check.differences()) {
      output.line(output.red("differs") + "  " + difference);
    }
    if (check.isAgreed()) {
      output.line(
          check.replicas().isEmpty()
              ? "No replica is serving."
              : output.green("agreed") + "  %d serving".formatted(check.replicas().size()));
    }
  }

  /** Returns the traits without the settings, whose differences follow. */
  private static String shown(Map<String, String> traits) {
    return traits.entrySet().stream()
        .filter(trait -> !trait.getKey().equals("url") && !trait.getKey().contains("."))
        .filter(trait -> !trait.getValue().isEmpty())
        .map(trait -> trait.getKey() + " " + trait.getValue())
        .collect(Collectors.joining(", "));
  }

  private static ObjectNode json(ClusterCheck check, OutputOptions output) {
    ObjectNode report = output.newObject().put("agreed", check.isAgreed());
    var replicas = report.putArray("replicas");
    for (Replica replica : check.replicas()) {
      ObjectNode row =
          replicas.addObject().put("id", replica.id()).put("since", replica.startedAt().toString());
      replica.traits().forEach(row::put);
    }
    ObjectNode here = report.putObject("here");
    check.here().forEach(here::put);
    var differences = report.putArray("differences");
    check.differences().forEach(differences::add);
    return report;
  }
}
