"""The other end of a LineProcess: `answer_lines.py FILE` answers lines of JSON with the function `answer` of a file, one after another."""

import importlib
import json
import os
import sys

# Keeps the output of the file and its libraries out of the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

folder, file = os.path.split(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, folder)
program = importlib.import_module(os.path.splitext(file)[0])

for line in sys.stdin:
    try:
        reply = program.answer(json.loads(line))
    except Exception as error:  # the other side decides what to do
        reply = {"error": repr(error)}
    print(json.dumps(reply), file=answers, flush=True)
