/*
 * output-backtest.h - the result of a backtest: for people, as JSON Lines
 * (design.md 7), and as a page of HTML that needs no other file
 */
#ifndef BOT_OUTPUT_BACKTEST_H
#define BOT_OUTPUT_BACKTEST_H

#include <stdbool.h>
#include <stdio.h>

struct backtest;

/* @all: every rule and every miss, not only the first ones. */
void output_backtest_text(FILE *out, const struct backtest *backtest, bool all);
/* A line for each labelled mail, then the summary. */
void output_backtest_json(FILE *out, const struct backtest *backtest);
void output_backtest_html(FILE *out, const struct backtest *backtest);

#endif
