package dev.vela.cli;

import java.io.InputStream;
import java.io.PrintWriter;

/**
 * The terminal of a command.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: everything else
 * @param interactive whether standard error is a terminal, so that progress makes sense there
 * @param interruption signals a request to end the command
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, boolean interactive, Interruption interruption) {}
