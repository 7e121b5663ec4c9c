#!/usr/bin/env python3
"""Reads series of PNGs with Debian's python3-pil and prints the results as JSON.

    python3 test/support/readers/read_pngs.py FOLDER

FOLDER holds one series per folder. For each series: the names of the images, their modes, their common shape, and the
SHA-256 of their little-endian pixels.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
from PIL import Image


def main():
    found = {}
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        paths = sorted(folder.glob("*.png"))
        images = [Image.open(path) for path in paths]
        modes = sorted({image.mode for image in images})
        # By default, Pillow reads 16 bits of grey as 32.
        volume = np.stack([np.asarray(image) for image in images]).astype("<u1" if modes == ["L"] else "<u2")
        found[folder.name] = {
            "names": [path.name for path in paths],
            "modes": modes,
            "shape": volume.shape,
            "sha256": hashlib.sha256(volume.tobytes()).hexdigest(),
        }
    json.dump(found, sys.stdout)


main()
