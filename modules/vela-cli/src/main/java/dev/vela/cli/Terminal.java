package dev.vela.cli;

import java.io.InputStream;
import java.io.PrintWriter;

/**
 * What a command talks to.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: everything else
 * @param interactive whether somebody watches standard error, so that progress makes sense there
 * @param interruption tells when the command is asked to end
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, boolean interactive, Interruption interruption) {}
