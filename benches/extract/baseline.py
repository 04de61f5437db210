"""Reads each mail given as a file with Python's email package and takes the code by regular expressions.

What a script of a dozen lines does: decode, strip tags, take six digits near the word "code", else
the first six digits. Prints messages, bytes and the seconds of all mails, each at its best of five.
"""

import email
import email.policy
import re
import sys
import time

NEAR = re.compile(r"code\D{0,40}(\d{6})", re.IGNORECASE)
DIGITS = re.compile(r"\b(\d{6})\b")
TAGS = re.compile(r"<[^>]+>")


def code(raw: bytes) -> str | None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    try:
        text = body.get_content() if body else ""
    except (LookupError, KeyError):
        text = ""
    text = TAGS.sub(" ", text)
    found = NEAR.search(text) or DIGITS.search(text)
    return found.group(1) if found else None


mails = [open(path, "rb").read() for path in sys.argv[1:]]
best = [float("inf")] * len(mails)
for _ in range(5):
    for index, mail in enumerate(mails):
        started = time.perf_counter()
        try:
            code(mail)
        except Exception:  # It gives up at some of the broken mails, which costs time too.
            pass
        best[index] = min(best[index], time.perf_counter() - started)
print(len(mails), sum(map(len, mails)), sum(best))
