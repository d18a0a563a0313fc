"""in-place.py - which calls in programs full of C's constructs are not deferred?

Usage: in-place.py --clang CLANG --llvm N --plugin PLUGIN --include DIR --list FILE SOURCE...

1. Compile each SOURCE and collect, from the remarks about missed deferrals, "SOURCE FUNCTION: REASON", each once.
2. Compare with the lines of FILE; those that begin with [llvm-N] hold for that version of clang only.  A line that is
   missing there means that something has ceased to be deferred; one too many, that something has begun to be: strike
   it out.

Exit status: 0 all the same, 1 a difference.
"""
import argparse
import pathlib
import re
import subprocess
import sys

REMARK = re.compile(r"remark: call of '(.*?)' runs in place: (.*) \[-Rpass-missed=lazy\]")


def flags_of(source):
    """The compiler's flags in the first RUN line."""
    line = re.search(r"// RUN: %lazy_equiv (.*)", source.read_text()).group(1)
    return [word for word in line.split() if word.startswith("-") and not word.startswith("--")]


def main():
    parser = argparse.ArgumentParser()
    for name in "clang", "llvm", "plugin", "include", "list":
        parser.add_argument("--" + name, required=True)
    parser.add_argument("sources", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    found = set()
    for source in options.sources:
        command = [options.clang, "-O2", "-w", f"-fplugin={options.plugin}", "-fplugin-arg-lazypass-defer-small",
                   f"-I{options.include}", "-Rpass-missed=lazy", "-fno-caret-diagnostics", "-c", str(source),
                   "-o", "/dev/null", *flags_of(source)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        found.update(f"{source.name} {name}: {reason}" for name, reason in REMARK.findall(text))
    lines = [line.removeprefix(f"[llvm-{options.llvm}] ")
             for line in pathlib.Path(options.list).read_text().splitlines()]
    listed = {line for line in lines if line and line[0] not in "#["}
    for line in sorted(found - listed):
        print(f"no longer deferred: {line}")
    for line in sorted(listed - found):
        print(f"deferred now, strike it out: {line}")
    return 1 if found != listed else 0


if __name__ == "__main__":
    sys.exit(main())
