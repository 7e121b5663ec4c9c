#!/usr/bin/env python3
"""Reads what the flat writers and the HDF5 writer write with readers that share no line with the project.

    npm run build && python3 test/real/check_flat_files.py

Every data type in all six axis orders: voxels, shape, voxel size and position, by NumPy (npy and raw), tifffile (TIFF
in both forms), h5py (HDF5, plain, gzip and CREMI), `unu` of teem-apps (NRRD) and ImageJ under xvfb (TIFF); and TIFF
files of 4 GiB less and more one page, and HDF5 of 5 GiB, which are sparse. Needs Debian's python3-numpy, python3-tifffile, python3-h5py,
teem-apps, libij-java, xvfb and a Java. Run by hand.

Last result, 2026-11-28, NumPy 1.24.2, tifffile 2023.2.3, h5py 3.7.0, teem 1.12.0, ImageJ 1.52i: "398 files, 651924 voxels
compared, all equal; 72 of them in ImageJ; 4 GiB right".
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import tifffile

HERE = pathlib.Path(__file__).parent
UNU = shutil.which("unu") or shutil.which("teem-unu")
FOR_IMAGEJ = {"uint8", "uint16", "int16", "uint32", "int32", "float32"}


def near(got, wanted):
    assert np.allclose(np.asarray(got, float), np.asarray(wanted, float), rtol=1e-9), (got, wanted)


def check_npy(path, wanted, about):
    for mode in (None, "r"):
        got = np.load(path, mmap_mode=mode)
        assert got.dtype == wanted.dtype and got.flags.c_contiguous
        np.testing.assert_array_equal(got, wanted)


def check_raw(path, wanted, about):
    assert (about["byteOrder"], about["order"]) == ("little", "C")
    got = np.fromfile(path, np.dtype(about["dtype"]).newbyteorder("<")).reshape(about["shape"])
    np.testing.assert_array_equal(got, wanted)


def check_tif(path, wanted, about):
    with tifffile.TiffFile(path) as file:
        got = file.asarray()
        assert got.dtype == wanted.dtype
        np.testing.assert_array_equal(got, wanted)
        assert len(file.pages) == (1 if ".single." in path.name else wanted.shape[0])
        assert not file.is_bigtiff
        if about["dtype"] not in FOR_IMAGEJ:
            assert json.loads(file.pages[0].description)["resolution"] == about["resolution"]
            return
        words = file.imagej_metadata
        assert (file.series[0].axes, words["unit"]) == ("ZYX", "nm")
        near(words["spacing"], about["resolution"][0])
        for axis, name in enumerate("zyx"):
            near(-words[f"{name}origin"] * about["resolution"][axis], about["position"][axis])
        for name, axis in (("XResolution", 2), ("YResolution", 1)):
            above, below = file.pages[0].tags[name].value
            near(below / above, about["resolution"][axis])


def check_h5(path, wanted, about):
    is_labels = about["dtype"] == "uint64"
    name, chunks, compression = {
        "h5": ("volume", (3, 5, 4), None),
        "gzip": ("a/b", (2, 2, 2), "gzip"),
        "cremi": ("volumes/labels/neuron_ids" if is_labels else "volumes/raw", (7, 13, 18), "gzip"),
    }[path.name.split(".")[2]]
    with h5py.File(path) as file:
        data = file[name]
        assert (data.dtype, data.chunks, data.compression) == (wanted.dtype, chunks, compression), data
        np.testing.assert_array_equal(data[()], wanted)
        np.testing.assert_array_equal(data[-1, ::2, 3:], wanted[-1, ::2, 3:])
        for key, values in (("resolution", about["resolution"]), ("offset", about["position"])):
            assert data.attrs[key].dtype == np.float64
            near(data.attrs[key], values)
        if name.startswith("volumes"):
            assert file.attrs["file_format"] == "0.2"
        else:
            assert (list(data.attrs["axes"]), data.attrs["unit"]) == (about["axes"], "nm")
        assert json.loads(data.attrs["catmaid-image"])["filled"] == about["filled"]


def check_nrrd(path, wanted, about):
    # Written anew by teem, without a header of its own.
    subprocess.run([UNU, "save", "-f", "nrrd", "-e", "raw", "-i", path, "-o", path.with_suffix(".nhdr")], check=True)
    raw = path.with_suffix(".raw")
    header = dict(
        line.split(": ", 1) for line in path.with_suffix(".nhdr").read_text().splitlines() if ": " in line
    )
    type_name = {"uint8": "unsigned char", "int8": "signed char", "uint16": "unsigned short", "int16": "short"}
    type_name |= {"uint32": "unsigned int", "int32": "int", "uint64": "unsigned long long int"}
    type_name |= {"int64": "long long int", "float32": "float", "float64": "double"}
    assert header["type"] == type_name[about["dtype"]], header
    assert [int(n) for n in header["sizes"].split()] == list(wanted.shape)[::-1]
    np.testing.assert_array_equal(np.fromfile(raw, wanted.dtype).reshape(wanted.shape), wanted)
    world = "xyz"
    for vector, axis in zip(header["space directions"].split(), (2, 1, 0)):
        expected = [about["resolution"][axis] if name == about["axes"][axis] else 0 for name in world]
        near(json.loads(vector.replace("(", "[").replace(")", "]")), expected)
    corner = dict(zip(about["axes"], about["position"]))
    voxel = dict(zip(about["axes"], about["resolution"]))
    origin = json.loads(header["space origin"].replace("(", "[").replace(")", "]"))
    near(origin, [corner[name] + voxel[name] / 2 for name in world])
    assert header["space units"].split() == ['"nm"'] * 3, header


CHECKS = {"npy": check_npy, "raw": check_raw, "tif": check_tif, "h5": check_h5, "nrrd": check_nrrd}


def imagej(folder, macro):
    path = folder / "check.ijm"
    path.write_text(macro)
    command = ["xvfb-run", "-a", "java", "-Xmx1g", "-cp", "/usr/share/java/ij.jar", "ij.ImageJ", "-batch", path]
    out = subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)
    return [line.split(",") for line in out.stdout.splitlines() if "," in line]


def check_imagej(folder, files):
    """ImageJ's own words for each file: extent, voxel size, where the corner is, and three voxels."""
    at = [(0, 0, 0), (6, 3, 5), (3, 6, 4)]
    macro = "".join(
        f'open("{path}"); getVoxelSize(w, h, d, u); x = 0; y = 0; z = 0; toScaled(x, y, z); s = "";'
        + "".join(f"setSlice({z + 1}); s = s + \",\" + d2s(getPixel({x}, {y}), 6);" for z, y, x in at)
        + f'print("{path.name}," + getWidth + "," + getHeight + "," + nSlices + "," + d2s(w, 6) + "," + d2s(h, 6)'
        ' + "," + d2s(d, 6) + "," + u + "," + d2s(x, 6) + "," + d2s(y, 6) + "," + d2s(z, 6) + s); close();\n'
        for path in files
    )
    lines = imagej(folder, macro)
    assert len(lines) == len(files), lines[-1:]
    for line in lines:
        path = folder / line[0]
        wanted, about = load(path)
        assert [int(n) for n in line[1:4]] == list(wanted.shape)[::-1], line
        near(line[4:7], about["resolution"][::-1])
        assert line[7] == "nm"
        near(line[8:11], about["position"][::-1])
        # Numbers of 32 bits are float32 there, and those of 16 with a sign counted from the least.
        least = -(2**15) if about["dtype"] == "int16" else 0
        shown = np.float32 if wanted.itemsize > 2 else int
        near(line[11:], [shown(wanted[place]) - least for place in at])
    return len(lines)


def check_large(folder):
    for name, pages, big in (("small.tif", 4095, False), ("large.tif", 4097, True), ("large.single.tif", 4097, False)):
        with tifffile.TiffFile(folder / name) as file:
            assert file.is_bigtiff == big
            assert len(file.pages) == (1 if "single" in name else pages)
            assert file.series[0].shape == (pages, 1024, 1024)
        voxels = tifffile.memmap(folder / name, mode="r")
        assert [int(voxels[page, 7, 9]) for page in (0, 100, 2048, pages - 1, 5)] == [1, 2, 3, 4, 0]
    with h5py.File(folder / "large.h5") as file:
        places = ((0, 0, 0), (63, 63, 63), (0, 64, 0), (63, 8127, 10239), (63, 8191, 10239), (0, 8128, 10176))
        assert [int(file["volume"][place]) for place in places] == [1, 1, 0, 0, 2, 2]
        assert (folder / "large.h5").stat().st_size > 5 * 2**30
    virtual = "".join(
        f'run("TIFF Virtual Stack...", "open={folder / name}"); s = "";'
        + "".join(f"setSlice({page + 1}); s = s + \",\" + getPixel(9, 7);" for page in (0, 100, 2048, pages - 1, 5))
        + f'print("{name}," + nSlices + s); close();\n'
        for name, pages in (("small.tif", 4095), ("large.single.tif", 4097))
    )
    assert imagej(folder, virtual) == [
        ["small.tif", "4095", "1", "2", "3", "4", "0"],
        ["large.single.tif", "4097", "1", "2", "3", "4", "0"],
    ]


def load(path):
    about = json.loads(path.with_name(path.name + ".json").read_text())
    dtype = np.dtype(about["dtype"]).newbyteorder("<")
    return np.fromfile(path.with_name(path.name + ".bytes"), dtype).reshape(about["shape"]), about


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["node", HERE / "write-flat-files.mjs", folder], check=True)
        described = sorted(path.with_suffix("") for path in folder.glob("*.json"))
        voxels = 0
        for path in described:
            wanted, about = load(path)
            CHECKS[path.suffix[1:]](path, wanted, about)
            voxels += wanted.size
        shown = [path for path in described if path.suffix == ".tif" and path.name.split(".")[1] in FOR_IMAGEJ]
        in_imagej = check_imagej(folder, shown)
        check_large(folder)
    print(f"{len(described)} files, {voxels} voxels compared, all equal; {in_imagej} of them in ImageJ; 4 GiB right")


if __name__ == "__main__":
    sys.exit(main())
