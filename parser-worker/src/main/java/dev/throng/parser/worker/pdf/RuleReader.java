package dev.throng.parser.worker.pdf;

import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.contentstream.PDFStreamEngine;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorProcessor;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSNumber;

/** Collects the horizontal and vertical lines that a page draws. */
final class RuleReader {
  /** A page with more lines is a drawing. */
  static final int MAX_RULES = 3_000;

  /** A filled box of at most this height or width is a line, in points. */
  private static final float MAX_THICKNESS = 3;

  /** Shorter lines are parts of drawings, in points. */
  private static final float MIN_LENGTH = 5;

  private final List<Edge> edges = new ArrayList<>();
  private final List<Edge> boxes = new ArrayList<>();
  private final List<Rule> horizontals = new ArrayList<>();
  private final List<Rule> verticals = new ArrayList<>();
  private final PDFStreamEngine engine;
  private PageSpace space;
  private float x;
  private float y;
  private float startX;
  private float startY;

  /** A line between two points of the page as displayed, or the diagonal of a box. */
  private record Edge(float x0, float y0, float x1, float y1) {}

  RuleReader(PDFStreamEngine engine, PageSpace first) {
    this.engine = engine;
    this.space = first;
    for (String name : List.of("m", "l", "c", "v", "y", "h", "re")) {
      engine.addOperator(new Drawing(name));
    }
    for (String name : List.of("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n")) {
      engine.addOperator(new Drawing(name));
    }
  }

  void start(PageSpace page) {
    this.space = page;
    horizontals.clear();
    verticals.clear();
    edges.clear();
    boxes.clear();
  }

  List<Rule> horizontals() {
    return List.copyOf(horizontals);
  }

  List<Rule> verticals() {
    return List.copyOf(verticals);
  }

  private boolean isFull() {
    return horizontals.size() + verticals.size() + edges.size() + boxes.size() >= MAX_RULES;
  }

  private final class Drawing extends OperatorProcessor {
    private final String name;

    Drawing(String name) {
      super(engine);
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public void process(Operator operator, List<COSBase> operands) {
      switch (name) {
        case "m" -> move(operands);
        case "l" -> line(operands);
        case "c", "v", "y" -> curve(operands);
        case "h" -> close();
        case "re" -> box(operands);
        case "s", "b", "b*" -> {
          close();
          paint(true);
        }
        case "S", "B", "B*" -> paint(true);
        case "f", "F", "f*" -> paint(false);
        default -> forget();
      }
    }
  }

  private static float number(List<COSBase> operands, int index) {
    return index < operands.size() && operands.get(index) instanceof COSNumber value
        ? value.floatValue()
        : 0;
  }

  private void moveTo(float userX, float userY) {
    Point2D.Float point =
        engine.getGraphicsState().getCurrentTransformationMatrix().transformPoint(userX, userY);
    float left = point.x - space.cropLeft();
    float up = point.y - space.cropBottom();
    x = space.x(left, up);
    y = space.y(left, up);
  }

  private void move(List<COSBase> operands) {
    moveTo(number(operands, 0), number(operands, 1));
    startX = x;
    startY = y;
  }

  private void line(List<COSBase> operands) {
    float fromX = x;
    float fromY = y;
    moveTo(number(operands, 0), number(operands, 1));
    add(edges, new Edge(fromX, fromY, x, y));
  }

  private void curve(List<COSBase> operands) {
    int last = operands.size();
    moveTo(number(operands, last - 2), number(operands, last - 1));
  }

  private void close() {
    add(edges, new Edge(x, y, startX, startY));
    x = startX;
    y = startY;
  }

  private void box(List<COSBase> operands) {
    float left = number(operands, 0);
    float bottom = number(operands, 1);
    moveTo(left + number(operands, 2), bottom + number(operands, 3));
    float endX = x;
    float endY = y;
    moveTo(left, bottom);
    startX = x;
    startY = y;
    add(boxes, new Edge(x, y, endX, endY));
  }

  private void add(List<Edge> to, Edge edge) {
    if (!isFull()) {
      to.add(edge);
    }
  }

  private void paint(boolean isStroked) {
    for (Edge box : boxes) {
      float width = Math.abs(box.x1() - box.x0());
      float height = Math.abs(box.y1() - box.y0());
      if (width <= MAX_THICKNESS || height <= MAX_THICKNESS) {
        float centerX = (box.x0() + box.x1()) / 2;
        float centerY = (box.y0() + box.y1()) / 2;
        rule(
            width < height
                ? new Edge(centerX, box.y0(), centerX, box.y1())
                : new Edge(box.x0(), centerY, box.x1(), centerY));
      } else if (isStroked) {
        rule(new Edge(box.x0(), box.y0(), box.x1(), box.y0()));
        rule(new Edge(box.x0(), box.y1(), box.x1(), box.y1()));
        rule(new Edge(box.x0(), box.y0(), box.x0(), box.y1()));
        rule(new Edge(box.x1(), box.y0(), box.x1(), box.y1()));
      }
    }
    if (isStroked) {
      edges.forEach(this::rule);
    }
    forget();
  }

  private void forget() {
    edges.clear();
    boxes.clear();
  }

  private void rule(Edge edge) {
    float width = Math.abs(edge.x1() - edge.x0());
    float height = Math.abs(edge.y1() - edge.y0());
    if (height <= 1 && width >= MIN_LENGTH) {
      horizontals.add(
          new Rule(edge.y0(), Math.min(edge.x0(), edge.x1()), Math.max(edge.x0(), edge.x1())));
    } else if (width <= 1 && height >= MIN_LENGTH) {
      verticals.add(
          new Rule(edge.x0(), Math.min(edge.y0(), edge.y1()), Math.max(edge.y0(), edge.y1())));
    }
  }
}
