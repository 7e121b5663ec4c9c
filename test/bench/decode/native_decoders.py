"""Decodes image files to grey natively, one question after another. Each answer covers all files of its question.

Decoders: "turbojpeg" (libjpeg-turbo's TurboJPEG API) and "libpng" (its simplified API), called in this process, and
"pillow". {"versions": true} asks which of them are there.
"""

import ctypes
import ctypes.util
import hashlib
import io
import time

import PIL
from PIL import Image, features


def load(name):
    path = ctypes.util.find_library(name)
    try:
        return ctypes.CDLL(path) if path else None
    except OSError:
        return None


turbo = load("turbojpeg")
png = load("png16") or load("png")


class PngImage(ctypes.Structure):
    """png_image of png.h."""

    _fields_ = [
        ("opaque", ctypes.c_void_p),
        ("version", ctypes.c_uint32),
        ("width", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("format", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("colormap_entries", ctypes.c_uint32),
        ("warning_or_error", ctypes.c_uint32),
        ("message", ctypes.c_char * 64),
    ]


PNG_IMAGE_VERSION = 1
PNG_FORMAT_GRAY = 0
TJPF_GRAY = 6

if turbo:
    turbo.tjInitDecompress.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(turbo.tjInitDecompress())


def with_turbojpeg(data, side):
    out = ctypes.create_string_buffer(side * side)
    size = ctypes.c_ulong(len(data))
    if turbo.tjDecompress2(handle, data, size, out, side, side, side, TJPF_GRAY, 0) != 0:
        raise ValueError("libjpeg-turbo refuses the file")
    return memoryview(out)


def with_libpng(data, side):
    image = PngImage(version=PNG_IMAGE_VERSION)
    reference = ctypes.byref(image)
    if not png.png_image_begin_read_from_memory(reference, data, ctypes.c_size_t(len(data))):
        raise ValueError(image.message.decode())
    image.format = PNG_FORMAT_GRAY
    out = ctypes.create_string_buffer(side * side)
    if not png.png_image_finish_read(reference, None, out, 0, None):
        raise ValueError(image.message.decode())
    return memoryview(out)


def with_pillow(data, _side):
    image = Image.open(io.BytesIO(data))
    if image.format == "JPEG":
        image.draft("L", image.size)  # the Y plane itself
    return image.convert("L").tobytes() if image.mode != "L" else image.tobytes()


decoders = {"turbojpeg": with_turbojpeg, "libpng": with_libpng, "pillow": with_pillow}
files = {}


def read(path):
    if path not in files:
        with open(path, "rb") as file:
            files[path] = file.read()
    return files[path]


def answer(question):
    if question.get("versions"):
        return {
            "turbojpeg": bool(turbo),
            "libpng": bool(png),
            "pillow": PIL.__version__,
            "libjpegTurbo": features.version("libjpeg_turbo"),
        }
    decode, side = decoders[question["decoder"]], question["side"]
    inputs = [read(path) for path in question["files"]]
    cpu, start = time.process_time(), time.perf_counter()
    outputs = [decode(data, side) for data in inputs]
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    digest = hashlib.sha256()
    for output in outputs:
        digest.update(output)
    return {"wallMs": wall * 1000, "cpuMs": cpu * 1000, "sha256": digest.hexdigest()}
