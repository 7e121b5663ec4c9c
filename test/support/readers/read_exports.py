#!/usr/bin/env python3
"""Reads exports with Debian's modules for their formats (h5py, tifffile, zarr, Pillow, numpy) and prints the results as JSON.

    python3 test/support/readers/read_exports.py PATH…

For each export: shape, data type, and the SHA-256 of its little-endian voxels in C order, as z, y, x. Debian has no Python
reader of NRRD and precomputed volumes. They are read here by their specifications, uncompressed.
"""
import hashlib
import json
import pathlib
import re
import sys

import h5py
import numpy as np
import tifffile
import zarr
from PIL import Image
from zarr.n5 import N5Store


def nrrd(path):
    header, voxels = path.read_bytes().split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in header.decode().split("\n")[1:] if re.match(r"[a-z ]+: ", line))
    sizes = [int(size) for size in fields["sizes"].split()]
    return np.frombuffer(voxels, fields["type"]).reshape(sizes[::-1])


def precomputed(path):
    info = json.loads((path / "info").read_text())
    scale = info["scales"][0]
    volume = np.zeros(scale["size"], info["data_type"])
    offset = scale["voxel_offset"]
    for chunk in (path / scale["key"]).iterdir():
        bounds = [[int(bound) for bound in pair] for pair in re.findall(r"(-?\d+)-(-?\d+)", chunk.name)]
        box = tuple(slice(first - start, end - start) for (first, end), start in zip(bounds, offset))
        shape = [end - first for first, end in bounds]
        volume[box] = np.frombuffer(chunk.read_bytes(), volume.dtype).reshape(shape, order="F")
    return volume.transpose()


def read(path):
    if path.suffix == ".npy":
        return np.load(path)
    if path.suffix == ".h5":
        with h5py.File(path) as file:
            return file["volume"][...]
    if path.suffix == ".tif":
        return tifffile.imread(path)
    if path.suffix == ".nrrd":
        return nrrd(path)
    if path.suffix == ".zip":
        return zarr.open_group(zarr.ZipStore(str(path), mode="r"), mode="r")["0"][...]
    if path.suffix == ".zarr":
        return zarr.open_group(str(path), mode="r")["0"][...]
    if path.suffix == ".n5":
        return zarr.open_group(N5Store(str(path)), mode="r")["s0"][...]
    if path.suffix == ".precomputed":
        return precomputed(path)
    return np.stack([np.asarray(Image.open(section)) for section in sorted(path.glob("*.png"))])


def main():
    found = {}
    for name in sys.argv[1:]:
        volume = np.ascontiguousarray(read(pathlib.Path(name)))
        voxels = volume.astype(volume.dtype.newbyteorder("<")).tobytes()
        found[pathlib.Path(name).name] = {
            "shape": volume.shape,
            "dtype": volume.dtype.name,
            "sha256": hashlib.sha256(voxels).hexdigest(),
        }
    json.dump(found, sys.stdout)


main()
