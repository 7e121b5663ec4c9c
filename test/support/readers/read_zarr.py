#!/usr/bin/env python3
"""Reads Zarr hierarchies with Debian's python3-zarr (version 2 of the format) and prints the results as JSON.

    python3 test/support/readers/read_zarr.py FOLDER

FOLDER holds one hierarchy per folder. For each array: shape, chunks, data type, fill value as text, and the SHA-256 of its
little-endian voxels in C order. For the root: its attributes. No chunk may be missing: it would silently be read as the
fill value.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import zarr


def described(array, folder):
    files = [path for path in folder.rglob("*") if path.is_file() and path.name.isdigit()]
    assert array.nchunks == len(files), array
    voxels = np.ascontiguousarray(array[...])
    return {
        "shape": array.shape,
        "chunks": array.chunks,
        "dtype": array.dtype.str,
        "fill": str(array.fill_value),
        "sha256": hashlib.sha256(voxels.astype(voxels.dtype.newbyteorder("<")).tobytes()).hexdigest(),
    }


def main():
    found = {}
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        root = zarr.open_group(str(path), mode="r")
        found[path.name] = {
            "attributes": root.attrs.asdict(),
            "arrays": {name: described(array, path / name) for name, array in root.arrays()},
            "groups": list(root.group_keys()),
        }
    json.dump(found, sys.stdout)


main()
