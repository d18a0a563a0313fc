"""break-export.py LAZY-CACHE FILE FOLDER - nothing of an exported file is imported that has any byte wrong or missing."""
import subprocess, sys

tool, name, folder = sys.argv[1:]
with open(name, "rb") as file:
    whole = file.read()
places = [*range(0, 120), *range(120, len(whole), 997), *range(len(whole) - 40, len(whole))]
for at in places:
    for broken in whole[:at], whole[:at] + bytes([whole[at] ^ 0x11]) + whole[at + 1 :]:
        result = subprocess.run([tool, "import", folder, "-"], input=broken, capture_output=True)
        if result.returncode != 1 or not result.stderr.startswith(b"lazy-cache: "):
            sys.exit(f"{at} of {len(broken)}: {result}")
