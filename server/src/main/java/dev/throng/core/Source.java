package dev.throng.core;

/**
 * A passage as an answer cites it.
 *
 * @param n its number in the prompt and in the answer's [n], from 1
 * @param passage the cited text and its location
 * @param isCited whether the answer refers to it
 */
public record Source(int n, Passage passage, boolean isCited) {}
