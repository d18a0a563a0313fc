"""damage.py HOW FILE - damages the file that tests/tools/Inputs/kept.c has left.

value   one bit of one of fill()'s values
use     the size in the record of use of one of square()'s
sum     the sum of all sizes
root    a page that LMDB needs
"""
import struct
import sys

how, name = sys.argv[1:]
with open(name, "r+b") as file:
    data = bytearray(file.read())
    if how == "value":
        data[data.find(bytes(range(1, 200))) + 50] ^= 4
    elif how == "use":  # struct lz_used, wherever a copy of it is: the size follows the time
        room = struct.pack("<Q", 96 + 40 + 4)
        at = data.find(room)
        while at >= 0:
            data[at : at + 8] = struct.pack("<Q", 1 << 50)
            at = data.find(room, at + 8)
    elif how == "sum":
        at = data.find(b"bytes")
        while at >= 0:
            data[at + 5] ^= 1
            at = data.find(b"bytes", at + 5)
    else:
        for page in range(2, len(data) // 4096):
            data[page * 4096 + 10 : page * 4096 + 16] = b"\xff" * 6
    file.seek(0)
    file.write(data)
