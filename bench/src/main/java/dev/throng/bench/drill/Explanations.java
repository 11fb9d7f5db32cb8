package dev.throng.bench.drill;

import dev.throng.backend.Prompt;
import java.util.List;

/**
 * Topics to explain: for about every second one, SmolLM2 writes 100 to 200 tokens and then stops.
 */
final class Explanations {
  private static final List<String> THINGS =
      List.of(
          """
          a pump|a lamp|a bridge|a bicycle|a lighthouse|a windmill|a compass|a piano|a telescope|a canal
          a clock|a camera|a boat|a kite|a lock|a lens|a mirror|a magnet|a battery|a motor
          a turbine|a boiler|a radiator|a fridge|an oven|a kettle|a toaster|a blender|a loom|a needle
          a zip|a button|a shoe|a hat|an umbrella|a tent|a rope|a knot|a pulley|a lever
          a wheel|a gear|a spring|a valve|a filter|a sieve|a press|a mill|a plough|a tractor
          a truck|a train|a tram|a bus|a ferry|a canoe|a submarine|an airship|a glider|a rocket
          a satellite|a radar|a radio|a telephone|a television|a printer|a scanner|a keyboard|a microphone|a speaker
          a violin|a flute|a drum|a trumpet|a guitar|an organ|a harp|a bell|a whistle|a metronome
          a thermometer|a barometer|a scale|a ruler|a map|a globe|a calendar|a sundial|a candle|a match
          a stove|a chimney|a roof|a door|a window|a wall|a stair|a lift|a fence|a gate
          a well|a dam|a pipe|a tap|a sink|a bath|a toilet|a sewer|a pond|a fountain
          a garden|a greenhouse|a beehive|a nest|a barn|a silo|a market|a bakery|a library|a museum
          a school|a hospital|a harbour|an airport|a station|a tunnel|a road|a crossing|a signal|a pavement
          """
              .strip()
              .split("[|\n]"));

  private static final List<String> ROLES =
      List.of(
          "You are helpful.",
          "You are a teacher.",
          "You are friendly.",
          "You are an expert.",
          "You are a kind engineer.",
          "You are a patient teacher.",
          "You are a good writer.");

  private Explanations() {}

  /** Returns the number of prompts. */
  static int count() {
    return THINGS.size() * ROLES.size();
  }

  /** Returns one of the prompts; all are different. */
  static Prompt prompt(int number) {
    String role = ROLES.get(number / THINGS.size());
    String thing = THINGS.get(number % THINGS.size());
    String request = "Explain in detail, in one paragraph, how %s works.".formatted(thing);
    return new Prompt(role, request, "", List.of(), "en");
  }
}
