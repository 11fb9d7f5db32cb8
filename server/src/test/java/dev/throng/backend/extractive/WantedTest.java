package dev.throng.backend.extractive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WantedTest {
  @Test
  void sentenceWithTheKindOfAnswerFitsBest() {
    Wanted cost = Wanted.by("How much is a parking permit?");
    assertTrue(cost.fit("A permit costs €18 a month.") > cost.fit("Permits have 12 pages."));
    assertTrue(cost.fit("Permits have 12 pages.") > cost.fit("Permits are green."));
    Wanted time = Wanted.by("When do we get paid?");
    assertTrue(time.fit("Salaries are paid on the 27th.") > time.fit("Salaries are paid by HR."));
    Wanted decision = Wanted.by("can my wife drive the pool car");
    assertTrue(decision.fit("Family members may not drive.") > decision.fit("Pool cars are red."));
    assertEquals(0, Wanted.by("canteen").fit("It opens at 11:30."));
  }

  @Test
  void namedTypesMustStandInThePassage() {
    Wanted weight = Wanted.by("What does the KD-180 weigh?");
    assertFalse(weight.isNamedIn("Weight: 900 kg", "KD-250"));
    assertTrue(weight.isNamedIn("Weight: 900 kg", "Drive unit KD 180"));
    assertTrue(Wanted.by("What does it weigh?").isNamedIn("900 kg"));
  }
}
