"""Shared by make-n5-fixtures.py and make-precomputed-fixtures.py: the two test volumes, and the manifest.

Volume "grey"   uint8,  shape (z, y, x) = (19, 29, 45)
Volume "labels" uint64, shape (z, y, x) = (20, 33, 41), values above 2**53 among them
"""
import hashlib, json, os
import numpy as np

GREY_SHAPE = (19, 29, 45)
LABEL_SHAPE = (20, 33, 41)

def grey(shape=GREY_SHAPE):
    z, y, x = np.meshgrid(*[np.arange(n, dtype=np.int64) for n in shape], indexing="ij")
    return ((x * 3 + y * 5 + z * 7 + (x * y * z) // 64) % 251 + 1).astype(np.uint8)  # never 0

def labels(shape=LABEL_SHAPE, dtype=np.uint64):
    z, y, x = np.meshgrid(*[np.arange(n, dtype=np.int64) for n in shape], indexing="ij")
    cell = (x // 7) + 10 * (y // 9) + 100 * (z // 6)
    big = cell.astype(np.uint64)
    if dtype == np.uint64:
        big = np.where(cell % 3 == 0, np.uint64(2**53 + 1) + big, big)      # odd, not a double
        big = np.where(cell % 5 == 0, np.uint64(2**64 - 1) - big, big)      # beyond int64
    big = np.where((x + y + z) % 11 == 0, np.uint64(0), big)
    return big.astype(dtype)

MANIFEST = {}

def note(name, array, **more):
    """Notes an array in (z, y, x), C order. Its digest is of little-endian samples."""
    a = np.ascontiguousarray(array)
    little = a.astype(a.dtype.newbyteorder("<"))
    probes = []
    for f in ((0, 0, 0), (0.5, 0.5, 0.5), (0.9999, 0.9999, 0.9999), (0.3, 0.7, 0.1)):
        at = tuple(int(n * q) for n, q in zip(a.shape, f))
        probes.append({"zyx": list(at), "value": str(a[at])})
    MANIFEST[name] = {
        "shape_zyx": list(a.shape), "dtype": a.dtype.newbyteorder("=").name,
        "sha256_zyx_little_endian": hashlib.sha256(little.tobytes()).hexdigest(),
        "probes": probes, **more,
    }

def save(path="manifest.json"):
    old = json.load(open(path)) if os.path.exists(path) else {}
    old.update(MANIFEST)
    with open(path, "w") as f:
        json.dump(dict(sorted(old.items())), f, indent=1)
