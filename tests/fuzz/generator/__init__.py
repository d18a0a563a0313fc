"""Random, well-defined serial C programs with lazy calls."""
from .program import Generator


def generate(seed, functions=10, files=1):
    """The program of that seed: .files, the texts of its source files, and .functions, how many it has."""
    return Generator(seed, functions, files).program()
