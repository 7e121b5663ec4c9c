"""JPEG files with changes that a reader could stumble over, for make-odd-files.py."""

import struct
from pathlib import Path

from cjpeg import by_cjpeg
from PIL import Image

CASES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "cases"
CONTROL = (CASES / "control.jpg").read_bytes()
PICTURE = CASES / "control.png"
SOI, EOI, DAC, DHT, SOF0, SOS, DQT, DNL, DRI, COM = 0xD8, 0xD9, 0xCC, 0xC4, 0xC0, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE


def take_apart(jpeg):
    """A list of (marker, content), of which the last is the scan header, and the data after it."""
    segments, at = [], 2
    while not segments or segments[-1][0] != SOS:
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        segments.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return segments, jpeg[at:]


def segment(marker, content=b"", length=None):
    return bytes([255, marker]) + struct.pack(">H", len(content) + 2 if length is None else length) + content


def put_together(segments, data):
    return bytes([255, SOI]) + b"".join(segment(*each) for each in segments) + data


def insert_before(jpeg, marker, added):
    """Inserts `added` before the first segment with a marker."""
    at = jpeg.index(bytes([255, marker]), 2)
    return jpeg[:at] + added + jpeg[at:]


def before_end(jpeg, added):
    return jpeg[:-2] + added + jpeg[-2:]


def without(jpeg, wanted):
    segments, data = take_apart(jpeg)
    return put_together([each for each in segments if not wanted(*each)], data)


def patched(jpeg, marker, changes):
    segments, data = take_apart(jpeg)
    found = []
    for name, content in segments:
        content = bytearray(content)
        if name == marker:
            for at, value in changes.items():
                content[at] = value
        found.append((name, bytes(content)))
    return put_together(found, data)


def colour_picture(*arguments, scans=None):
    image = Image.open(PICTURE).convert("L")
    colours = Image.merge("RGB", (image, image.transpose(Image.FLIP_LEFT_RIGHT), image.transpose(Image.FLIP_TOP_BOTTOM)))
    return by_cjpeg(colours, *arguments, scans=scans)


def jpegs():
    grey = CONTROL
    colour = colour_picture("-sample", "2x2")
    progressive = colour_picture("-grayscale", "-progressive")
    restarts = colour_picture("-grayscale", "-restart", "7B")
    apart = colour_picture(scans="0; 1; 2;")
    height = struct.pack(">H", take_apart(grey)[0][2][1][1] << 8 | take_apart(grey)[0][2][1][2])

    yield "colour", colour
    yield "progressive", progressive
    yield "restarts", restarts
    yield "scans-apart", apart

    # Bytes where a marker is expected.
    for name, junk in (
        ("zero", b"\0"),
        ("text", b"made by hand"),
        ("stuffed", b"\x12\xff\0\x34"),
        ("long", b"\0" * 60),
    ):
        yield f"junk-{name}-before-frame", insert_before(grey, SOF0, junk)
        yield f"junk-{name}-before-scan", insert_before(grey, SOS, junk)
        yield f"junk-{name}-before-end", before_end(grey, junk)
        yield f"junk-{name}-before-end-colour", before_end(colour, junk)
        yield f"junk-{name}-before-end-progressive", before_end(progressive, junk)
    yield "junk-between-progressive-scans", progressive.replace(b"\xff\xc4", b"\0\0\xff\xc4")
    yield "junk-between-scans", apart.replace(b"\xff\xda", b"\0\xff\xda")
    for count in range(8):
        yield f"junk-before-restart-{count}", restarts.replace(bytes([255, 0xD0 + count]), bytes([1, 255, 0xD0 + count]), 1)
    yield "junk-after-end", grey + b"\0" * 100
    yield "second-image-after-end", grey + colour

    # Fill bytes.
    yield "fill-before-every-segment", b"".join(
        [bytes([255, SOI])]
        + [b"\xff" * (n + 1) + segment(*each) for n, each in enumerate(take_apart(grey)[0])]
        + [take_apart(grey)[1][:-2], b"\xff" * 9 + grey[-2:]]
    )
    yield "fill-before-restarts", restarts.replace(b"\xff\xd1", b"\xff\xff\xff\xd1").replace(b"\xff\xd4", b"\xff\xff\xd4")
    yield "fill-in-stuffing", stuffed_twice(colour_picture("-grayscale", "-quality", "97"))
    yield "final-restart-marker", before_end(restarts, bytes([255, 0xD0 + (30 - 1) // 7 % 8]))
    yield "lone-restart-marker-between-segments", insert_before(grey, DQT, b"\xff\xd3")

    # Heights.
    yield "dnl-before-scan", insert_before(grey, SOS, segment(DNL, height))
    yield "dnl-after-data", before_end(grey, segment(DNL, height))
    yield "dnl-thrice", before_end(insert_before(grey, SOS, segment(DNL, height) * 2), segment(DNL, height))
    yield "dnl-between-scans", apart.replace(b"\xff\xda", segment(DNL, height) + b"\xff\xda", 2)
    yield "dnl-progressive", progressive.replace(b"\xff\xda", segment(DNL, height) + b"\xff\xda", 2)
    yield "dnl-empty-after-data", before_end(grey, segment(DNL))
    yield "dnl-other-before-frame", insert_before(grey, DQT, segment(DNL, b"\0\x11"))
    yield "dnl-other-after-data", before_end(grey, segment(DNL, b"\0\x11"))
    yield "dnl-only", before_end(patched(grey, SOF0, {1: 0, 2: 0}), segment(DNL, height))

    # Tables.
    def table(slot):
        return lambda marker, content: marker == DHT and content[0] == slot

    yield "no-dht", without(grey, lambda marker, _: marker == DHT)
    yield "no-dht-dc", without(grey, table(0))
    yield "no-dht-ac", without(grey, table(16))
    yield "no-dht-colour", without(colour, lambda marker, _: marker == DHT)
    yield "no-dht-colour-chroma-only", without(colour, lambda marker, content: marker == DHT and content[0] & 15 == 1)
    yield "no-dht-colour-luma-only", without(colour, lambda marker, content: marker == DHT and content[0] & 15 == 0)
    yield "no-dht-scans-apart", without(apart, lambda marker, _: marker == DHT)
    yield "no-dht-restarts", without(restarts, lambda marker, _: marker == DHT)
    yield "no-dht-progressive", without(progressive, lambda marker, _: marker == DHT)
    yield "no-dht-but-slot-2", patched(without(grey, lambda marker, _: marker == DHT), SOS, {2: 0x22})
    avi = (0xE0, b"AVI1\0\0" + b"\0" * 8)
    yield "avi1", put_together([avi, *[s for s in take_apart(colour)[0] if s[0] not in (0xE0, DHT)]], take_apart(colour)[1])
    yield "dht-twice", insert_before(grey, SOS, b"".join(segment(*s) for s in take_apart(grey)[0] if s[0] == DHT))
    yield "dht-impossible-but-unused", insert_before(grey, SOS, segment(DHT, bytes([1, 2] + [0] * 15 + [0, 1])))
    yield "dht-impossible", insert_before(grey, SOS, segment(DHT, bytes([0, 2] + [0] * 15 + [0, 1])))
    yield "dht-dc-size-16-but-unused", insert_before(grey, SOS, segment(DHT, bytes([1, 1] + [0] * 15 + [16])))
    yield "dht-slot-4", insert_before(grey, SOS, segment(DHT, bytes([4, 1] + [0] * 15 + [0])))
    yield "dht-empty", insert_before(grey, SOS, segment(DHT))
    yield "dqt-zero", patched(grey, DQT, {20: 0})
    yield "dqt-zero-dc", patched(grey, DQT, {1: 0})
    yield "dqt-zero-last", patched(grey, DQT, {64: 0})
    yield "dqt-zero-progressive", patched(progressive, DQT, {20: 0})
    yield "dqt-zero-unused", insert_before(grey, SOS, segment(DQT, bytes([3] + [0] * 64)))
    yield "dqt-after-frame", put_together(
        [*[s for s in take_apart(grey)[0] if s[0] not in (DQT, SOS)], *[s for s in take_apart(grey)[0] if s[0] in (DQT, SOS)]],
        take_apart(grey)[1],
    )
    yield "dqt-none", without(grey, lambda marker, _: marker == DQT)
    yield "dqt-precision-2", patched(grey, DQT, {0: 0x20})
    yield "dac-valid", insert_before(grey, SOS, segment(DAC, b"\0\x10"))
    yield "dri-longer-than-image", insert_before(grey, SOS, segment(DRI, b"\x7f\xff"))
    yield "dri-zero", insert_before(grey, SOS, segment(DRI, b"\0\0"))
    yield "dri-announced-in-vain", insert_before(grey, SOS, segment(DRI, b"\0\x03"))

    # Lengths of application segments and comments.
    for name, marker in (("app14", 0xEE), ("comment", COM)):
        for length in (0, 1, 2):
            yield f"{name}-of-length-{length}", insert_before(grey, DQT, segment(marker, b"", length))
        yield f"{name}-length-one-too-small", insert_before(grey, DQT, segment(marker, b"Adobe\0\x64\0\0\0\0\0", 13))
        yield f"{name}-length-far-too-small", insert_before(grey, DQT, segment(marker, bytes(range(2, 60)), 9))
        overrun = segment(marker, b"x" * 10, 12 + len(segment(COM, b"seen by nobody")))
        yield f"{name}-length-swallows-a-comment", insert_before(grey, DQT, overrun + segment(COM, b"seen by nobody"))
        yield f"{name}-length-one-too-large", insert_before(grey, DQT, segment(marker, b"x" * 10, 13) + segment(COM, b"lost"))
        yield f"{name}-length-swallows-dht", insert_before(grey, DHT, segment(marker, b"x" * 10, 13))
        yield f"{name}-length-swallows-dqt", insert_before(grey, DQT, segment(marker, b"x" * 10, 13))
        yield f"{name}-length-swallows-the-file", insert_before(grey, DQT, segment(marker, b"x" * 10, 60000))
    yield "jfif-length-one-too-small", grey[:4] + b"\0\x0f" + grey[6:]
    yield "jfif-length-two-too-large", grey[:4] + b"\0\x12" + grey[6:20] + b"\0\0" + grey[20:]
    yield "jfif-after-frame", put_together([*take_apart(colour)[0][1:-1], take_apart(colour)[0][0], take_apart(colour)[0][-1]], take_apart(colour)[1])
    yield "adobe-transform-7", insert_before(without(colour, lambda marker, _: marker == 0xE0), DQT, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x07"))

    # Headers that bend the rules.
    yield "scan-not-said-to-be-sequential", patched(grey, SOS, {3: 1, 4: 10, 5: 0x21})
    yield "components-of-one-name", patched(patched(colour, SOF0, {6: 1, 9: 1, 12: 1}), SOS, {1: 1, 3: 1, 5: 1})
    yield "components-named-0-1-2", patched(patched(colour, SOF0, {6: 0, 9: 1, 12: 2}), SOS, {1: 0, 3: 1, 5: 2})
    yield "components-named-at-random", patched(
        patched(without(colour, lambda marker, _: marker == 0xE0), SOF0, {6: 34, 9: 7, 12: 200}), SOS, {1: 34, 3: 7, 5: 200}
    )
    yield "sof1", put_together([(0xC1 if m == SOF0 else m, c) for m, c in take_apart(grey)[0]], take_apart(grey)[1])
    yield "sampling-3x3-of-grey", patched(grey, SOF0, {7: 0x33})
    yield "unused-table-number-in-progressive-scan", unused_table(progressive)
    yield "ac-scan-first", ac_first()
    yield "unknown-marker", insert_before(grey, DQT, segment(0x4F, b"abc"))
    yield "jpg-extension-marker", insert_before(grey, DQT, segment(0xF3, b"abc"))
    yield "two-frames", insert_before(grey, SOS, segment(*take_apart(grey)[0][2]))
    yield "second-start", before_end(grey, bytes([255, SOI]))

    # Less data than the picture needs.
    yield "no-end", grey[:-2]
    yield "half-an-end", grey[:-1]
    yield "no-end-progressive", progressive[:-2]
    yield "no-end-but-zeros", grey[:-2] + b"\0" * 20
    for cut in (3, 200):
        yield f"cut-by-{cut}", grey[:-cut]
    yield "cut-but-ended", grey[:-60] + grey[-2:]
    yield "height-smaller-than-data", patched(grey, SOF0, {2: 32})
    yield "height-larger-than-data", patched(grey, SOF0, {2: 60})
    yield "restart-marker-lost", restarts.replace(b"\xff\xd2", b"", 1)
    yield "restart-marker-wrong", restarts.replace(b"\xff\xd2", b"\xff\xd5", 1)


def stuffed_twice(jpeg):
    """Puts a fill byte before every stuffed byte of the first scan."""
    segments, data = take_apart(jpeg)
    assert b"\xff\0" in data
    return put_together(segments, data.replace(b"\xff\0", b"\xff\xff\0"))


def unused_table(progressive):
    """An AC scan that names an impossible DC table, which it does not need."""
    at = progressive.rindex(b"\xff\xda")
    return progressive[: at + 6] + bytes([progressive[at + 6] | 0xF0]) + progressive[at + 7 :]


def ac_first():
    """A progressive file whose two scans are in the wrong order."""
    jpeg = colour_picture("-grayscale", scans="0: 0-0, 0, 0; 0: 1-63, 0, 0;")
    start = min(jpeg.index(b"\xff\xc4"), jpeg.index(b"\xff\xda"))
    second = jpeg.index(b"\xff\xc4", jpeg.index(b"\xff\xda"))
    return jpeg[:start] + jpeg[second:-2] + jpeg[start:second] + jpeg[-2:]
