package dev.throng.core;

/**
 * Identifies one generation by the prompt's bytes, the model and the sampling options. Equal
 * fingerprints mean the same answer.
 */
public record Fingerprint(Hash hash) {}
