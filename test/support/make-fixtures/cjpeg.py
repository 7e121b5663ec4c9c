"""Encodes with libjpeg-turbo's cjpeg (Debian: libjpeg-turbo-progs)."""

import io
import subprocess
import tempfile


def by_cjpeg(image, *arguments, scans=None):
    buffer = io.BytesIO()
    image.save(buffer, "PPM")
    with tempfile.NamedTemporaryFile("w", suffix=".scans") as script:
        if scans is not None:
            script.write(scans)
            script.flush()
            arguments = [*arguments, "-scans", script.name]
        return subprocess.run(["cjpeg", *arguments], input=buffer.getvalue(), stdout=subprocess.PIPE, check=True).stdout
