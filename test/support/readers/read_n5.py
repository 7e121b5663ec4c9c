#!/usr/bin/env python3
"""Reads N5 containers with the N5Store of Debian's python3-zarr and prints the results as JSON.

    python3 test/support/readers/read_n5.py FOLDER

FOLDER holds one container per folder. For each dataset: shape, chunks, data type, attributes, and the SHA-256 of its
little-endian voxels in C order. No block may be missing: it would silently be read as zeros.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import zarr
from zarr.n5 import N5Store


def described(array, folder):
    blocks = [path for path in folder.glob("*/*/*") if path.is_file()]
    assert array.nchunks == len(blocks), array
    voxels = np.ascontiguousarray(array[...])
    return {
        "shape": array.shape,
        "chunks": array.chunks,
        "dtype": voxels.dtype.newbyteorder("<").str,
        "attributes": array.attrs.asdict(),
        "sha256": hashlib.sha256(voxels.astype(voxels.dtype.newbyteorder("<")).tobytes()).hexdigest(),
    }


def main():
    found = {}
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        root = zarr.open_group(N5Store(str(path)), mode="r")
        found[path.name] = {
            "attributes": root.attrs.asdict(),
            "arrays": {name: described(array, path / name) for name, array in root.arrays()},
        }
    json.dump(found, sys.stdout)


main()
