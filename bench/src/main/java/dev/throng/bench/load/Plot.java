package dev.throng.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lines over the seconds of a test, drawn as SVG. */
final class Plot {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 200;
  private static final int LEFT = 52;
  private static final int BOTTOM = 24;
  private static final int TOP = 12;
  private static final int STEPS = 4;
  private static final String[] COLOURS = {"#2563eb", "#d97706", "#dc2626", "#059669"};

  /** A value at a time in seconds. */
  record Point(double at, double value) {}

  private record Line(String name, List<Point> points, boolean isEarlier) {}

  private final String title;
  private final List<Line> lines = new ArrayList<>();

  /**
   * @param title with the unit of the values
   */
  Plot(String title) {
    this.title = title;
  }

  Plot line(String name, List<Point> points) {
    lines.add(new Line(name, List.copyOf(points), false));
    return this;
  }

  /** Adds a line of an earlier test, which is drawn paler, in the colour of the line before it. */
  Plot earlier(List<Point> points) {
    lines.add(new Line("earlier", List.copyOf(points), true));
    return this;
  }

  String svg() {
    double mostSeconds =
        most(
            lines.stream()
                .map(line -> line.points().stream().mapToDouble(Point::at).max().orElse(0))
                .toList());
    double most =
        most(
            lines.stream()
                .map(line -> line.points().stream().mapToDouble(Point::value).max().orElse(0))
                .toList());
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<figure><figcaption>%s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(title, WIDTH, HEIGHT, title));
    axes(svg, most, mostSeconds);
    int colour = -1;
    for (Line line : lines) {
      colour += line.isEarlier() ? 0 : 1;
      svg.append(
          "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s points=\"%s\"/>"
              .formatted(
                  COLOURS[colour % COLOURS.length],
                  line.isEarlier() ? " stroke-opacity=\".35\"" : "",
                  points(line, most, mostSeconds)));
    }
    return svg.append("</svg>").append(legend()).append("</figure>").toString();
  }

  private static double most(List<Double> values) {
    return Math.max(1e-9, values.stream().mapToDouble(Double::doubleValue).max().orElse(0));
  }

  private static void axes(StringBuilder svg, double most, double mostSeconds) {
    for (int step = 0; step <= STEPS; step++) {
      double share = (double) step / STEPS;
      double y = y(share);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT,
              WIDTH,
              y,
              y,
              LEFT - 6,
              y + 4,
              number(most * share)));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%.0f s</text>",
              x(share),
              HEIGHT - 6,
              step == STEPS ? "end" : "middle",
              mostSeconds * share));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 10 ? "%,.0f" : "%.2f", value);
  }

  private static double x(double share) {
    return LEFT + share * (WIDTH - LEFT);
  }

  private static double y(double share) {
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  }

  private static String points(Line line, double most, double mostSeconds) {
    return line.points().stream()
        .map(point ->
            String.format(
                Locale.ROOT, "%.1f,%.1f", x(point.at() / mostSeconds), y(point.value() / most)))
        .collect(Collectors.joining(" "));
  }

  private String legend() {
    StringBuilder legend = new StringBuilder("<p class=\"legend\">");
    int colour = 0;
    for (Line line : lines) {
      if (!line.isEarlier()) {
        legend.append(
            "<span style=\"color:%s\">%s</span> "
                .formatted(COLOURS[colour++ % COLOURS.length], line.name()));
      }
    }
    return legend.append("</p>").toString();
  }
}
