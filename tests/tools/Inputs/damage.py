"""damage.py - flips one bit in the first of the values that tests/tools/Inputs/kept.c has left in a file."""
import sys

with open(sys.argv[1], "r+b") as file:
    bytes_ = bytearray(file.read())
    at = bytes_.find(bytes(range(1, 200)))  # in any of fill(...)
    bytes_[at + 50] ^= 4
    file.seek(0)
    file.write(bytes_)
