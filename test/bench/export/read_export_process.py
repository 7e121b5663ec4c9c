"""Reads exports, one after another: the SHA-256 of the voxels in C order, z, y, x."""

import hashlib
import json
import sys

import h5py
import numpy as np
import tifffile
import zarr
from zarr.n5 import N5Store


def read(path, file_format):
    if file_format == "hdf5":
        with h5py.File(path) as file:
            return file["volume"][...]
    if file_format == "tiff":
        return tifffile.imread(path)
    if file_format == "n5":
        return zarr.open_group(N5Store(path), mode="r")["s0"][...]
    return zarr.open_group(path, mode="r")["0"][...]


for line in sys.stdin:
    try:
        task = json.loads(line)
        voxels = np.ascontiguousarray(read(task["path"], task["format"]))
        answer = {"sha256": hashlib.sha256(voxels).hexdigest()}
    except Exception as error:  # the other side decides what to do
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
