"""Writes test/fixtures/cases/more.json: odd PNG and JPEG files, each with Pillow's result.

The files are those in that folder, and changed variants of its controls, or of files that cjpeg makes of the same picture.
The changes are such that a reader could stumble over them (odd_jpegs.py, odd_pngs.py). Files that must be read are listed with
Pillow's grey values (libjpeg-turbo's JCS_GRAYSCALE for JPEG, convert("L") for PNG). Files must be refused if Pillow
refuses them too, or if it makes up pixels or overlooks a checksum; the latter are named here. All are base64, and
each grey image is written once.
Needs Pillow and cjpeg (Debian: python3-pil, libjpeg-turbo-progs). Run: python3 make-odd-files.py
"""

import base64
import io
import json
from pathlib import Path

from odd_jpegs import jpegs
from odd_pngs import pngs
from PIL import Image

CASES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "cases"

# Pillow reads these files, but they lack pixels, have a wrong checksum, or have an unknown meaning.
REFUSED = {
    "corrupt-image": """
        cut-but-ended cut-by-3 dht-dc-size-16-but-unused dht-impossible-but-unused dqt-precision-2 dri-announced-in-vain
        fill-in-stuffing half-an-end height-larger-than-data height-smaller-than-data no-end no-end-but-zeros
        no-end-progressive restart-marker-lost restart-marker-wrong second-start two-frames
        iend-crc-wrong idat-crc-wrong
        apple-critical-first idat-adler-cut idat-adler-lost idat-far-too-many-inflated idat-too-many-and-adler-wrong
        iend-cut iend-missing ihdr-of-14-bytes ihdr-twice palette-after-data palette-too-short
    """,
    "unsupported-image": """
        dnl-other-after-data grey-16 ihdr-compression-method-3 unknown-critical-after-data unknown-critical-before-data
    """,
}


def cases():
    for path in sorted(CASES.glob("*.[jp][pn]g")):
        yield path.name, path.read_bytes()


def grey_of(data):
    """Pillow's grey values, or None if it refuses the file."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.format == "JPEG":
            image.draft("L", image.size)
        image.load()
        return base64.b64encode(image.convert("L").tobytes()).decode()
    except Exception:  # It raises many kinds.
        return None


def main():
    reasons = {name: reason for reason, names in REFUSED.items() for name in names.split()}
    greys, read, refused = [], [], []
    for name, data in [*cases(), *jpegs(), *pngs()]:
        grey = grey_of(data)
        file = base64.b64encode(data).decode()
        if grey is None or name in reasons:
            refused.append({"name": name, "file": file, "reason": reasons.pop(name, None)})
        else:
            if grey not in greys:
                greys.append(grey)
            read.append({"name": name, "file": file, "grey": greys.index(grey)})
    assert not reasons, reasons
    content = {"greys": greys, "read": read, "refused": refused}
    lines = ",\n".join(f'"{key}": [\n' + ",\n".join(map(json.dumps, value)) + "\n]" for key, value in content.items())
    (CASES / "more.json").write_text("{\n" + lines + "\n}\n")
    print(len(read), "to be read,", len(refused), "to be refused")


main()
