package dev.throng.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.app.Doctor;
import dev.throng.app.Doctor.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = "Checks everything that a server needs, and reports what to do.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    new Doctor(
            config.load(),
            finding -> {
              findings.add(finding);
              if (!output.json()) {
                print(finding);
              }
            })
        .examine();
    if (output.json()) {
      printJson(findings);
    }
    boolean isFine = findings.stream().noneMatch(Finding::isFailure);
    return isFine ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private void print(Finding finding) {
    String mark =
        switch (finding.verdict()) {
          case OK -> output.green("ok  ");
          case WARNING -> output.yellow("warn");
          case FAILED -> output.red("FAIL");
        };
    output.line("%s  %-12s %s".formatted(mark, finding.part(), finding.detail()));
    if (!finding.remedy().isEmpty()) {
      output.line("                   " + finding.remedy());
    }
  }

  private void printJson(List<Finding> findings) {
    ObjectNode report = output.newObject();
    ArrayNode rows = report.putArray("findings");
    for (Finding finding : findings) {
      ObjectNode row = rows.addObject();
      row.put("part", finding.part());
      row.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
      row.put("detail", finding.detail());
      if (!finding.remedy().isEmpty()) {
        row.put("remedy", finding.remedy());
      }
    }
    output.print(report);
  }
}
