package dev.vela.guide.documented;

/** What the snippets send. */
record Order(String customer, String item) {}
