#!/usr/bin/env python3
"""generate.py - prints a random, well-defined serial C program with lazy calls.

Usage: generate.py SEED [--functions=N] [--files=N] [--to=FOLDER]

With --to, the files are written to FOLDER as program0.c, program1.c, ...; otherwise they are printed one after another.
generator/program.py says what such a program consists of.
"""
import argparse
import pathlib
import sys

from generator import generate

parser = argparse.ArgumentParser(description="prints a random program with lazy calls")
parser.add_argument("seed", type=int)
parser.add_argument("--functions", type=int, default=10)
parser.add_argument("--files", type=int, default=1)
parser.add_argument("--to", type=pathlib.Path)
options = parser.parse_args()
for k, text in enumerate(generate(options.seed, options.functions, options.files).files):
    if options.to:
        (options.to / f"program{k}.c").write_text(text)
    else:
        sys.stdout.write(text)
