package dev.throng.parser.worker.pdf;

/** Numbers such as {@code xiv}. */
final class Roman {
  private Roman() {}

  /** Returns the value of small roman digits, whose order is not checked. */
  static int value(String digits) {
    int sum = 0;
    int before = 0;
    for (int i = digits.length() - 1; i >= 0; i--) {
      int value = value(digits.charAt(i));
      sum += value < before ? -value : value;
      before = Math.max(before, value);
    }
    return sum;
  }

  private static int value(char digit) {
    return switch (digit) {
      case 'i' -> 1;
      case 'v' -> 5;
      case 'x' -> 10;
      case 'l' -> 50;
      default -> 100;
    };
  }
}
