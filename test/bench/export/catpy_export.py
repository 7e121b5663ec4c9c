"""Exports regions with catpy and h5py or zarr, for tasks as in export-task.ts. Needs CATPY_PATH."""

import os
import sys
import time

sys.path.insert(0, os.environ["CATPY_PATH"])

import h5py  # noqa: E402
import numcodecs  # noqa: E402
import numpy as np  # noqa: E402
import zarr  # noqa: E402
from catpy.image import ThreadedImageFetcher  # noqa: E402

TIMEOUT_S = 60


def write_hdf5(volume, task):
    compression = {"compression": "gzip", "compression_opts": task["gzipLevel"]} if task["compression"] == "gzip" else {}
    with h5py.File(task["path"], "w") as file:
        dataset = file.create_dataset("volume", data=volume, chunks=tuple(task["chunkShape"]), **compression)
        dataset.attrs["resolution"] = (50.0, 4.0, 4.0)


def write_zarr(volume, task):
    compressor = {
        "none": None,
        "gzip": numcodecs.GZip(task["gzipLevel"]),
        "zstd": numcodecs.Zstd(task["zstdLevel"]),
    }[task["compression"]]
    group = zarr.open_group(task["path"], mode="w")
    array = group.create_dataset(
        "0",
        shape=volume.shape,
        dtype=volume.dtype,
        chunks=tuple(task["chunkShape"]),
        compressor=compressor,
        dimension_separator="/",
    )
    array[...] = volume


def answer(task):
    cpu = time.process_time()
    start = time.perf_counter()
    fetcher = ThreadedImageFetcher.from_stack_info(
        task["info"], preferred_mirror=0, timeout=TIMEOUT_S, threads=os.cpu_count()
    )
    # Fetched into memory first: catpy would write each tile into the dataset, one section of many chunks.
    volume = np.ascontiguousarray(fetcher.get(np.array(task["roi"]), "scaled", 0), dtype=np.uint8)
    (write_hdf5 if task["format"] == "hdf5" else write_zarr)(volume, task)
    wall = time.perf_counter() - start
    return {"wallMs": wall * 1000, "cpuMs": (time.process_time() - cpu) * 1000}
