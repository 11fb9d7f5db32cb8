package dev.throng.bench;

import picocli.CommandLine.Command;

/** `throng bench drill NAME`. */
@Command(
    name = "drill",
    description = "Injects faults, and checks that clients are not affected.",
    subcommands = {
      FailoverCommand.class,
      BackendsCommand.class,
      CrowdCommand.class,
      LatencyCommand.class,
      OverloadCommand.class,
      ClusterCommand.class,
      UpdateCommand.class,
      IngestDrillCommand.class,
      HostileCommand.class,
      AttacksCommand.class,
      QuestionsCommand.class
    })
final class DrillCommand {}
