"""Compiles every program of a folder plain and with the mock runtime; compares output, checks `leaked 0`."""
import argparse
import os
import pathlib
import subprocess
import sys

parser = argparse.ArgumentParser()
for name in ("--clang", "--plugin", "--include", "--mock", "--scratch"):
    parser.add_argument(name, required=True)
parser.add_argument("folder", type=pathlib.Path)
options = parser.parse_args()
scratch = pathlib.Path(options.scratch)
scratch.mkdir(parents=True, exist_ok=True)


def run(program, **variables):
    return subprocess.run([program], capture_output=True, stdin=subprocess.DEVNULL, env={**os.environ, **variables})


bad = 0
for source in sorted(options.folder.glob("*.c")):
    if "mock: no" in source.read_text():  # wants more files, or flags, or threads' ways
        continue
    for level in ("-O0", "-O2"):
        plain, lazy = scratch / "plain", scratch / "lazy"
        common = [options.clang, level, "-w", f"-I{options.include}", source]
        subprocess.run([*common, "-o", plain, "-lm"], check=True)
        arguments = ["-fplugin-arg-lazypass-defer-small", "-fplugin-arg-lazypass-check=warn"]
        lazily = [f"-fplugin={options.plugin}", *arguments]
        subprocess.run([*common, *lazily, options.mock, "-o", lazy, "-lm"], check=True)
        right = run(plain)
        for how, got in ("", run(lazy)), (" in batches", run(lazy, MOCK_BATCHES="1")):
            books = got.stderr.decode().strip().splitlines()[-1:] or ["no books"]
            same = right.stdout == got.stdout and right.returncode == got.returncode
            print(f"{source.name} {level}{how}: {'same' if same else 'DIFFERENT'}; {books[0]}")
            bad += not same or not books[0].endswith("leaked 0")
sys.exit(bad != 0)
